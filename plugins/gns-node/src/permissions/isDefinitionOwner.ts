import { createPermissionRule } from '@backstage/plugin-permission-node';
import { z } from 'zod';
import { definitionResourceRef } from './definitionResource';

/**
 * Allows what is owned by one of the claims: the ownership references of a
 * user, as `identity.ownershipEntityRefs` gives them. A definition without an
 * owner is owned by nobody.
 */
export const isDefinitionOwner = createPermissionRule({
  name: 'IS_OWNER',
  description: 'Allow definitions whose metadata.owner is one of the claims',
  resourceRef: definitionResourceRef,
  paramsSchema: z.object({
    claims: z
      .array(z.string())
      .describe('Entity references, for example group:default/shop'),
  }),
  apply: (definition, { claims }) => {
    const { owner } = definition.metadata;
    return (
      owner !== undefined &&
      claims.some(claim => claim.toLowerCase() === owner.toLowerCase())
    );
  },
  toQuery: ({ claims }) => ({
    property: 'owner',
    values: claims.map(claim => claim.toLowerCase()),
  }),
});
