import { parseAllDocuments } from 'yaml';
import { annotate } from './annotate';

const SERVICE = { gns: 'shop', service: 'checkout' };
const KEY = 'gns.isthmus.dev/service';
const component = (name: string, annotations = '') =>
  `kind: Component\nmetadata:\n  name: ${name}\n${annotations}`;
const annotationsOf = (text: string) =>
  parseAllDocuments(text).map(d => d.toJS().metadata?.annotations?.[KEY]);

describe('annotating a catalog file', () => {
  it('keeps what is named already and names nothing twice', () => {
    const once = annotate(
      component('a', `  annotations:\n    ${KEY}: shop-staging/checkout\n`),
      SERVICE,
    );
    const twice = annotate(once, SERVICE);
    expect(annotationsOf(twice)).toEqual([
      'shop-staging/checkout, shop/checkout',
    ]);
  });

  it('finds the component among other entities', () => {
    const text = `kind: System\nmetadata: { name: s }\n---\n${component('a')}`;
    expect(annotationsOf(annotate(text, SERVICE))).toEqual([
      undefined,
      'shop/checkout',
    ]);
  });

  it('asks which one where there are several', () => {
    const text = `${component('a')}---\n${component('b')}`;
    expect(() => annotate(text, SERVICE)).toThrow('2 components');
    expect(annotationsOf(annotate(text, SERVICE, 'b'))).toEqual([
      undefined,
      'shop/checkout',
    ]);
  });

  it.each([
    ['', 'no component'],
    ['kind: System', 'no component'],
    ['a: [', 'no YAML'],
  ])('refuses %j', (text, told) => {
    expect(() => annotate(text, SERVICE)).toThrow(told);
  });

  it('replaces annotations that are no map', () => {
    expect(
      annotationsOf(annotate(component('a', '  annotations:\n'), SERVICE)),
    ).toEqual(['shop/checkout']);
  });
});
