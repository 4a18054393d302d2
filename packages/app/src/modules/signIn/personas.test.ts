import { mockApis } from '@backstage/frontend-test-utils';
import {
  PERSONAS,
  personasOffered,
  rememberedPersona,
  rememberPersona,
} from './personas';

const offered = (data: object) =>
  personasOffered(mockApis.config({ data: data as never }));

describe('personasOffered', () => {
  it('is true in development, when asked for', () => {
    expect(
      offered({
        demo: { personas: true },
        auth: { environment: 'development' },
      }),
    ).toBe(true);
  });

  it.each([
    { demo: { personas: true } },
    { demo: { personas: true }, auth: { environment: 'production' } },
    { auth: { environment: 'development' } },
    {},
  ])('is false with %j', data => {
    expect(offered(data)).toBe(false);
  });
});

describe('rememberPersona', () => {
  afterEach(() => sessionStorage.clear());

  it('keeps who was chosen, and forgets', () => {
    rememberPersona(sessionStorage, PERSONAS[1]);
    expect(rememberedPersona(sessionStorage)).toBe(PERSONAS[1]);
    rememberPersona(sessionStorage);
    expect(rememberedPersona(sessionStorage)).toBeUndefined();
  });

  it('takes a stranger for nobody', () => {
    sessionStorage.setItem('isthmus.demo.persona', 'mallory');
    expect(rememberedPersona(sessionStorage)).toBeUndefined();
  });
});
