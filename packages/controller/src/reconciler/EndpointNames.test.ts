import { KubeObject } from '../kube/KubeApi';
import { EndpointNames } from './EndpointNames';

const entry = (endpoints: object[], resolution = 'STATIC'): KubeObject => ({
  kind: 'ServiceEntry',
  metadata: { name: 'x' },
  spec: { hosts: ['h'], resolution, endpoints },
});

function namesAnswering(answers: Record<string, string[] | Error>) {
  const asked: string[] = [];
  const names = new EndpointNames(async name => {
    asked.push(name);
    const answer = answers[name] ?? new Error('NXDOMAIN');
    if (answer instanceof Error) throw answer;
    return answer;
  });
  return { names, asked };
}

describe('endpoints given by name', () => {
  it('become one endpoint per address, which share the weight', async () => {
    const { names } = namesAnswering({
      'gw.example': ['10.0.0.2', '10.0.0.1'],
    });
    const { object } = await names.resolve(
      entry([
        { address: 'gw.example', weight: 10, network: 'n' },
        { address: '10.9.9.9', weight: 3 },
      ]),
    );
    expect(object.spec).toMatchObject({
      endpoints: [
        { address: '10.0.0.1', weight: 5, network: 'n' },
        { address: '10.0.0.2', weight: 5, network: 'n' },
        { address: '10.9.9.9', weight: 3 },
      ],
    });
  });

  it('are looked up once, then only when refreshed', async () => {
    const { names, asked } = namesAnswering({ 'gw.example': ['10.0.0.1'] });
    const object = entry([{ address: 'gw.example' }]);
    await names.resolve(object);
    await names.resolve(object);
    expect(asked).toHaveLength(1);
    expect(await names.refreshAll(new Set(['gw.example']))).toEqual(new Set());
    expect(asked).toHaveLength(2);
  });

  it('keep their last good answer while lookups fail', async () => {
    const answers: Record<string, string[] | Error> = {
      'gw.example': ['10.0.0.1'],
    };
    const { names } = namesAnswering(answers);
    const object = entry([{ address: 'gw.example' }]);
    await names.resolve(object);
    for (const bad of [new Error('SERVFAIL'), [], ['no address']]) {
      answers['gw.example'] = bad;
      expect(await names.refreshAll(new Set(['gw.example']))).toEqual(
        new Set(),
      );
      expect((await names.resolve(object)).object.spec).toMatchObject({
        endpoints: [{ address: '10.0.0.1' }],
      });
      expect(names.failures()).toMatchObject([{ kept: 1 }]);
    }
  });

  it('that never resolved are left out, and named', async () => {
    const { names } = namesAnswering({});
    const { object, missing } = await names.resolve(
      entry([{ address: 'gone.example' }, { address: '10.0.0.1' }]),
    );
    expect(missing).toEqual(['gone.example']);
    expect(object.spec).toMatchObject({ endpoints: [{ address: '10.0.0.1' }] });
  });

  it('are left alone where Istio resolves them itself', async () => {
    const { names, asked } = namesAnswering({});
    const object = entry([{ address: 'gw.example' }], 'DNS');
    expect((await names.resolve(object)).object).toBe(object);
    expect(asked).toEqual([]);
  });
});
