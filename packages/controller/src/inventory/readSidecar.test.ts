import {
  foreignSidecarSchema,
  LABEL_MANAGED_BY,
  MANAGED_BY,
} from '@isthmus/plugin-gns-common';
import { readSidecar } from './readSidecar';

const read = (spec: unknown, labels: Record<string, string> = {}) =>
  readSidecar({
    metadata: {
      name: 'theirs',
      namespace: 'shop',
      labels,
      creationTimestamp: '2026-01-01T00:00:00Z',
    },
    spec,
  });
const sidecarOf = (spec: unknown) =>
  foreignSidecarSchema.parse({ ...read(spec)!.sidecar, meshWide: false });

describe('readSidecar', () => {
  it('reads whom it is for, and which hosts it brings', () => {
    expect(
      sidecarOf({
        workloadSelector: { labels: { app: 'web' } },
        ingress: [{ port: { number: 80 } }],
        egress: [
          { hosts: ['./*', 'istio-system/*'] },
          { port: { number: 9080, protocol: 'HTTP' }, hosts: ['*/a.example'] },
          {},
        ],
      }),
    ).toEqual({
      name: 'theirs',
      selector: { app: 'web' },
      meshWide: false,
      opaque: false,
      egress: [
        { hosts: ['./*', 'istio-system/*'] },
        { port: 9080, hosts: ['*/a.example'] },
        { hosts: [] },
      ],
    });
    expect(read({})).toMatchObject({
      namespace: 'shop',
      createdAt: '2026-01-01T00:00:00Z',
    });
  });

  it.each([[undefined], [{}], [{ workloadSelector: {}, egress: null }]])(
    'brings everything where it says nothing: %j',
    spec => {
      expect(sidecarOf(spec)).toEqual({
        name: 'theirs',
        meshWide: false,
        opaque: false,
        egress: [],
      });
    },
  );

  it.each<[string, unknown]>([
    ['is not understood', { egress: 'all' }],
    ['has a port that is none', { egress: [{ port: { number: 99999 } }] }],
    ['has too many listeners', { egress: Array(51).fill({ hosts: ['./*'] }) }],
    ['has too many hosts', { egress: [{ hosts: Array(201).fill('a/b') }] }],
    ['has a host too long', { egress: [{ hosts: ['a'.repeat(400)] }] }],
  ])('tells of what %s, and claims nothing', (_what, spec) => {
    expect(sidecarOf(spec)).toEqual({
      name: 'theirs',
      meshWide: false,
      opaque: true,
      egress: [],
    });
  });

  it('leaves ours out', () => {
    expect(read({}, { [LABEL_MANAGED_BY]: MANAGED_BY })).toBeUndefined();
  });
});
