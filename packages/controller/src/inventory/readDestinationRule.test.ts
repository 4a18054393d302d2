import {
  foreignDestinationRuleSchema,
  LABEL_MANAGED_BY,
  MANAGED_BY,
} from '@isthmus/plugin-gns-common';
import { readDestinationRule } from './readDestinationRule';

const read = (spec: unknown, labels: Record<string, string> = {}) =>
  readDestinationRule({
    metadata: { name: 'theirs', namespace: 'shop', labels },
    spec,
  });
const ruleOf = (spec: unknown) =>
  foreignDestinationRuleSchema.parse({ ...read(spec)!.rule, meshWide: false });
const HOST = 'stock.shop.example';

describe('readDestinationRule', () => {
  it('reads whom it is for, and which TLS they begin', () => {
    expect(
      ruleOf({
        host: HOST,
        exportTo: ['.'],
        workloadSelector: { matchLabels: { app: 'web' } },
        trafficPolicy: {
          tls: { mode: 'SIMPLE', sni: 'x' },
          portLevelSettings: [
            { port: { number: 80 }, connectionPool: {} },
            { port: { number: 81 }, tls: { mode: 'DISABLE' } },
          ],
        },
        subsets: [],
      }),
    ).toEqual({
      name: 'theirs',
      host: HOST,
      selector: { app: 'web' },
      exportTo: ['.'],
      meshWide: false,
      opaque: false,
      tls: 'SIMPLE',
      more: true,
    });
  });

  it.each<[string, unknown, string | undefined]>([
    ['nothing', {}, undefined],
    ['no mode, which is DISABLE', { trafficPolicy: { tls: {} } }, 'DISABLE'],
    [
      'the mesh’s',
      { trafficPolicy: { tls: { mode: 'ISTIO_MUTUAL' } } },
      'ISTIO_MUTUAL',
    ],
  ])('takes %s for what it is', (_what, spec, tls) => {
    const rule = ruleOf({ host: HOST, ...(spec as object) });
    expect([rule.tls, rule.opaque, rule.more]).toEqual([tls, false, false]);
  });

  it.each([
    ['stock', false],
    ['stock.shop.svc.cluster.local', false],
    ['*.svc.cluster.local', false],
    ['*', true],
    ['*.local', true],
    [HOST, true],
    ['*.example', true],
  ])('tells of rules that may be for a global host: %s', (host, told) => {
    expect(read({ host }) !== undefined).toBe(told);
  });

  it.each<[string, unknown]>([
    [
      'has a mode that we do not know',
      { host: HOST, trafficPolicy: { tls: { mode: 'MAGIC' } } },
    ],
    ['is shown to too many', { host: HOST, exportTo: Array(201).fill('a') }],
  ])('tells of what %s, and claims nothing', (_what, spec) => {
    expect(ruleOf(spec)).toEqual({
      name: 'theirs',
      host: HOST,
      meshWide: false,
      opaque: true,
      more: false,
    });
  });

  it('leaves ours out, and what istiod takes for nothing', () => {
    expect(
      read({ host: HOST }, { [LABEL_MANAGED_BY]: MANAGED_BY }),
    ).toBeUndefined();
    expect(read({ trafficPolicy: {} })).toBeUndefined();
  });
});
