import {
  parseDefinition,
  type ServiceLevelObjective,
} from '@isthmus/plugin-gns-common';
import { checkObjectives, isObjective } from './checkObjectives';

function objective(
  name: string,
  spec: Record<string, unknown> = {},
  gns = 'shop',
): ServiceLevelObjective {
  const parsed = parseDefinition({
    apiVersion: 'gns.isthmus.dev/v1',
    kind: 'ServiceLevelObjective',
    metadata: { gns, name },
    spec: {
      services: ['checkout'],
      objectives: [
        { name: 'a', target: 99, indicator: { type: 'availability' } },
      ],
      ...spec,
    },
  });
  if (!parsed.ok || !isObjective(parsed.definition)) {
    throw new Error(JSON.stringify(parsed));
  }
  return parsed.definition;
}
const ACTIONABLE = { purpose: 'actionable' };

function check(
  changed: ServiceLevelObjective[],
  others: ServiceLevelObjective[] = [],
  services: Record<string, string[]> = { shop: ['checkout', 'cart'] },
) {
  return checkObjectives({
    changed,
    objectives: [...others, ...changed],
    globalNamespaces: new Set(['shop']),
    services: new Map(
      Object.entries(services).map(([gns, names]) => [gns, new Set(names)]),
    ),
  });
}

describe('checkObjectives', () => {
  it('a known service of a known global namespace is fine', () =>
    expect(check([objective('a')])).toEqual([]));

  it('without its global namespace it is refused', () =>
    expect(check([objective('a', {}, 'bank')])).toMatchObject([
      {
        severity: 'error',
        code: 'gns-missing',
        path: 'metadata.gns',
        definition: 'ServiceLevelObjective:bank/a',
      },
    ]));

  it('a service that nobody has is a warning that names those there are', () =>
    expect(
      check([objective('a', { services: ['cart', 'chekout'] })]),
    ).toMatchObject([
      {
        severity: 'warning',
        code: 'service-unknown',
        path: 'spec.services[1]',
        value: '"chekout"',
        remedy: expect.stringContaining('checkout'),
      },
    ]));

  it('services of what was not composed yet are unknown, not absent', () =>
    expect(check([objective('a')], [], {})).toEqual([]));

  it('a second actionable objective of a service is refused', () => {
    const first = objective('first', ACTIONABLE);
    expect(check([objective('second', ACTIONABLE)], [first])).toMatchObject([
      {
        severity: 'error',
        code: 'actionable-taken',
        path: 'spec.purpose',
        message: expect.stringContaining('shop/first'),
      },
    ]);
    expect(check([first], [objective('second')])).toEqual([]);
    expect(
      check(
        [first],
        [objective('other', { ...ACTIONABLE, services: ['cart'] })],
      ),
    ).toEqual([]);
  });
});
