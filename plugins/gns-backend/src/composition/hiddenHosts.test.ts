import type { ForeignSidecar } from '@isthmus/plugin-gns-common';
import { CompositionMemory } from './CompositionMemory';
import { clusterOf, gnsOf, inputOf, namespaceOf } from './testFixtures';

const sidecar = (
  hosts: string[],
  more: Partial<ForeignSidecar> = {},
): ForeignSidecar => ({
  name: 'default',
  meshWide: false,
  opaque: false,
  egress: [{ hosts }],
  ...more,
});

describe('hosts that a Sidecar of somebody else hides', () => {
  const memory = new CompositionMemory();
  /** What is said of the namespaces web and depot of one cluster. */
  const said = (web: ForeignSidecar[], root: ForeignSidecar[] = []) => {
    const cluster = clusterOf('eu-1', 1, ['web/front', 'depot/stock'], {
      inventory: {
        namespaces: [
          namespaceOf('web', { sidecars: web }),
          namespaceOf('depot', { sidecars: [] }),
          namespaceOf('istio-system', { sidecars: root }),
        ],
      },
    });
    const shop = gnsOf('shop', {
      members: [{ namespaces: { names: ['web', 'depot'] } }],
    });
    return memory
      .compose(inputOf([shop], [cluster]))
      .globalNamespaces.get('shop')!
      .conditions.filter(c => c.type === 'HostsVisible')
      .map(c => [c.namespace, c.message]);
  };

  it('are told of with the line that is missing', () => {
    expect(said([])).toEqual([]);
    const [[namespace, message], ...more] = said([
      sidecar(['./*', 'istio-system/*']),
    ]);
    expect(more).toEqual([]);
    expect(namespace).toBe('web');
    expect(message).toContain('Sidecar web/default of eu-1');
    expect(message).toContain('of shop in depot from');
    expect(message).toContain('Add */*.shop.gns.example to the hosts');
    expect(said([sidecar(['./*', '*/*.shop.gns.example'])])).toEqual([]);
  });

  it('are told of when the whole mesh has it, also when only that changed', () => {
    const meshWide = sidecar(['./*'], { meshWide: true });
    expect(said([])).toEqual([]);
    expect(said([], [meshWide]).map(([namespace]) => namespace)).toEqual([
      'depot',
      'web',
    ]);
    expect(said([sidecar(['*/*'])], [meshWide]).map(([n]) => n)).toEqual([
      'depot',
    ]);
    expect(said([])).toEqual([]);
  });

  it.each<[string, ForeignSidecar]>([
    ['it lists hosts one by one', sidecar(['*/stock.shop.gns.example'])],
    ['it is for some pods', sidecar(['./*'], { selector: { app: 'x' } })],
    ['it is not understood', sidecar([], { opaque: true })],
  ])('are not claimed where %s', (_what, one) => {
    expect(said([one])).toEqual([]);
  });
});
