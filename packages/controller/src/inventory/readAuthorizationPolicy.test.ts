import {
  foreignPolicySchema,
  LABEL_MANAGED_BY,
  MANAGED_BY,
} from '@isthmus/plugin-gns-common';
import { readAuthorizationPolicy } from './readAuthorizationPolicy';

const read = (spec: unknown, labels: Record<string, string> = {}) =>
  readAuthorizationPolicy({
    metadata: { name: 'theirs', namespace: 'shop', labels },
    spec,
  });
const policyOf = (spec: unknown) => {
  const record = read(spec)!;
  expect(record.namespace).toBe('shop');
  return foreignPolicySchema.parse({ ...record.policy, meshWide: false });
};

describe('readAuthorizationPolicy', () => {
  it('reads who calls, and says where a rule asks for more', () => {
    expect(
      policyOf({
        action: 'DENY',
        selector: { matchLabels: { app: 'stock' } },
        rules: [
          {
            from: [
              { source: { principals: ['td/ns/a/sa/*'], ipBlocks: [] } },
              { source: { namespaces: ['b'], ipBlocks: ['10.0.0.0/8'] } },
            ],
          },
          { from: [], to: [{ operation: { ports: ['80'] } }] },
          { when: [{ key: 'request.headers[x]', values: ['1'] }] },
          {},
        ],
      }),
    ).toEqual({
      name: 'theirs',
      action: 'DENY',
      selector: { app: 'stock' },
      meshWide: false,
      opaque: false,
      rules: [
        {
          sources: [
            { principals: ['td/ns/a/sa/*'], more: false },
            { namespaces: ['b'], more: true },
          ],
          more: false,
        },
        { sources: [], more: true },
        { sources: [], more: true },
        { sources: [], more: false },
      ],
    });
  });

  it('takes no action for ALLOW, and no rules for none', () => {
    expect(policyOf({})).toMatchObject({ action: 'ALLOW', rules: [] });
    expect(policyOf(undefined)).toMatchObject({ action: 'ALLOW', rules: [] });
  });

  it('leaves ours to the desired state', () => {
    expect(read({}, { [LABEL_MANAGED_BY]: MANAGED_BY })).toBeUndefined();
  });

  it.each([
    ['targets', { targetRefs: [{ kind: 'Service', name: 'x' }] }],
    ['a target', { targetRef: { kind: 'Gateway', name: 'x' } }],
    ['an action of the future', { action: 'LOG' }],
    ['rules that are none', { rules: 'all' }],
    ['too many rules', { rules: Array(51).fill({}) }],
    [
      'a label that is none',
      { selector: { matchLabels: { app: 'x'.repeat(64) } } },
    ],
    [
      'too many sources',
      { rules: [{ from: Array(21).fill({ source: { namespaces: ['a'] } }) }] },
    ],
    [
      'a text that is too long',
      { rules: [{ from: [{ source: { principals: ['x'.repeat(501)] } }] }] },
    ],
  ])('says of %s that it cannot judge them', (_, spec) => {
    expect(policyOf(spec)).toMatchObject({ opaque: true, rules: [] });
  });
});
