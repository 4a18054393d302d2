import type { ForeignSidecar } from '@isthmus/plugin-gns-common';
import type { At } from './selection';
import { visibilityOf } from './sidecars';

const HOST = 'stock.shop.gns.example';
const PODS = [{ app: 'front', version: 'v1' }];

const sidecar = (
  egress: string[] | ForeignSidecar['egress'],
  more: Partial<ForeignSidecar> = {},
  at = 'web',
): At<ForeignSidecar> => ({
  at,
  object: {
    name: 'theirs',
    meshWide: at === 'istio-system',
    opaque: false,
    egress: egress.flatMap(e => (typeof e === 'string' ? [{ hosts: [e] }] : e)),
    ...more,
  },
});
const seen = (
  sidecars: At<ForeignSidecar>[],
  more: { port?: number | null; pods?: Record<string, string>[] } = {},
) =>
  visibilityOf(
    sidecars,
    { host: HOST, namespace: 'home' },
    { namespace: 'web', port: 80, pods: PODS, ...more },
  ).seen;

describe('visibilityOf', () => {
  it.each<[string, string[], string]>([
    ['all', ['*/*'], 'yes'],
    ['nothing of egress', [], 'yes'],
    ['the namespace of the entry', ['home/*'], 'yes'],
    ['the host there', [`home/${HOST}`], 'yes'],
    ['the domain there', ['home/*.shop.gns.example'], 'yes'],
    ['the host anywhere', [`*/${HOST}`], 'yes'],
    ['the host without a namespace', [HOST], 'yes'],
    ['its own namespace', ['./*'], 'no'],
    ['what is usual', ['./*', 'istio-system/*'], 'no'],
    ['another host there', ['home/parcel.shop.gns.example'], 'no'],
    ['another domain there', ['home/*.bank.gns.example'], 'no'],
    ['nothing', ['~/*'], 'no'],
  ])('of %s', (_what, hosts, wanted) => {
    expect(seen([sidecar([{ hosts }].slice(0, hosts.length))])).toBe(wanted);
  });

  it('takes hosts out that are excluded', () => {
    expect(seen([sidecar([{ hosts: ['home/*', `home/~${HOST}`] }])])).toBe(
      'no',
    );
  });

  it('of a listener with a port is only for that port', () => {
    const ofPort = [
      sidecar([{ port: 80, hosts: ['*/*'] }, { hosts: ['./*'] }]),
    ];
    expect(seen(ofPort)).toBe('yes');
    expect(seen(ofPort, { port: 9090 })).toBe('no');
    expect(seen(ofPort, { port: null })).toBe('maybe');
  });

  it('is decided by the first that is for the pods', () => {
    const forFront = { selector: { app: 'front' } };
    const forBack = { selector: { app: 'back' } };
    expect(seen([sidecar(['./*'], forFront), sidecar(['*/*'])])).toBe('no');
    expect(seen([sidecar(['./*'], forBack), sidecar(['*/*'])])).toBe('yes');
    expect(seen([sidecar(['*/*'], forFront), sidecar(['./*'])])).toBe('yes');
    // Pods of several workloads are meant: for some of them.
    const both = { pods: [{ app: 'front' }, { app: 'back' }] };
    expect(seen([sidecar(['./*'], forFront), sidecar(['*/*'])], both)).toBe(
      'maybe',
    );
    expect(seen([sidecar(['./*'], forFront)], both)).toBe('maybe');
    expect(seen([sidecar(['./*'], forFront), sidecar(['./*'])], both)).toBe(
      'no',
    );
  });

  it('is that of the root namespace where there is no own', () => {
    const root = sidecar(['./*'], {}, 'istio-system');
    expect(seen([root])).toBe('no');
    expect(seen([sidecar(['*/*']), root])).toBe('yes');
    expect(
      seen([sidecar(['./*'], { selector: { app: 'front' } }, 'istio-system')]),
    ).toBe('yes');
    // What is its own namespace is that of the caller.
    expect(
      visibilityOf(
        [root],
        { host: HOST, namespace: 'web' },
        { namespace: 'web', port: 80, pods: PODS },
      ).seen,
    ).toBe('yes');
  });

  it('is not known where it is not understood', () => {
    expect(seen([sidecar([], { opaque: true })])).toBe('maybe');
    expect(seen([])).toBe('yes');
  });
});
