import { AuthorizeResult } from '@backstage/plugin-permission-common';
import {
  gnsDefinitionUpdatePermission,
  parseDefinition,
  type Definition,
} from '@isthmus/plugin-gns-common';
import {
  createDefinitionConditionalDecision,
  definitionConditions,
} from './conditions';
import { isDefinitionOwner } from './isDefinitionOwner';

function shop(owner?: string): Definition {
  const parsed = parseDefinition({
    apiVersion: 'gns.isthmus.dev/v1',
    kind: 'GlobalNamespace',
    metadata: { name: 'shop', ...(owner ? { owner } : {}) },
    spec: { domain: 'shop.gns.internal' },
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.definition;
}

describe('isDefinitionOwner', () => {
  it('allows the owner, however the reference is written', () => {
    const claims = ['user:default/Jo', 'group:default/Shop'];
    expect(isDefinitionOwner.apply(shop('group:shop'), { claims })).toBe(true);
    expect(
      isDefinitionOwner.apply(shop('group:default/SHOP'), { claims }),
    ).toBe(true);
  });

  it('refuses others, and what nobody owns', () => {
    const claims = ['group:default/shop', ''];
    expect(isDefinitionOwner.apply(shop('group:other/shop'), { claims })).toBe(
      false,
    );
    expect(isDefinitionOwner.apply(shop(), { claims })).toBe(false);
    expect(isDefinitionOwner.apply(shop('group:shop'), { claims: [] })).toBe(
      false,
    );
  });

  it('asks the store for the same owners', () => {
    expect(
      isDefinitionOwner.toQuery({ claims: ['group:default/Shop'] }),
    ).toEqual({ property: 'owner', values: ['group:default/shop'] });
  });

  it('becomes a decision that a policy can answer', () => {
    expect(
      createDefinitionConditionalDecision(
        gnsDefinitionUpdatePermission,
        definitionConditions.isDefinitionOwner({
          claims: ['group:default/shop'],
        }),
      ),
    ).toEqual({
      result: AuthorizeResult.CONDITIONAL,
      pluginId: 'gns',
      resourceType: 'gns-definition',
      conditions: {
        resourceType: 'gns-definition',
        rule: 'IS_OWNER',
        params: { claims: ['group:default/shop'] },
      },
    });
  });
});
