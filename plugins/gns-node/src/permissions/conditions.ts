import { createConditionExports } from '@backstage/plugin-permission-node';
import { definitionResourceRef } from './definitionResource';
import { isDefinitionOwner } from './isDefinitionOwner';

/** Every rule of the suite, by the name under which policies use it. */
export const definitionRules = { isDefinitionOwner };

const exported = createConditionExports({
  resourceRef: definitionResourceRef,
  rules: definitionRules,
});

/**
 * Conditions for permission policies:
 * `definitionConditions.isDefinitionOwner({ claims })`.
 */
export const definitionConditions = exported.conditions;

/** Wraps conditions into the decision of a permission policy. */
export const createDefinitionConditionalDecision =
  exported.createConditionalDecision;
