import {
  AuthorizeResult,
  createPermission,
} from '@backstage/plugin-permission-common';
import { mockCredentials } from '@backstage/backend-test-utils';
import {
  gnsClusterCreatePermission,
  gnsDefinitionCreatePermission,
  gnsDefinitionReadPermission,
  gnsDefinitionUpdatePermission,
  gnsPermissions,
  gnsRolloutApprovePermission,
} from '@isthmus/plugin-gns-common';
import { PortalPolicy } from './PortalPolicy';

const policy = new PortalPolicy(['group:default/platform']);
const person = (...refs: string[]) => ({
  token: '',
  identity: {
    type: 'user' as const,
    userEntityRef: refs[0],
    ownershipEntityRefs: refs,
  },
  expiresInSeconds: 0,
  credentials: mockCredentials.user(refs[0]),
  info: { userEntityRef: refs[0], ownershipEntityRefs: refs },
});
const admin = person('user:default/ada', 'group:default/platform');
const developer = person('user:default/grace', 'group:default/shop');

describe('PortalPolicy', () => {
  it('lets admins do everything', async () => {
    for (const permission of gnsPermissions) {
      await expect(policy.handle({ permission }, admin)).resolves.toEqual({
        result: AuthorizeResult.ALLOW,
      });
    }
  });

  it('lets owners change their own definitions only', async () => {
    const decision = await policy.handle(
      { permission: gnsDefinitionUpdatePermission },
      developer,
    );
    expect(decision).toMatchObject({
      result: AuthorizeResult.CONDITIONAL,
      conditions: {
        rule: 'IS_OWNER',
        params: { claims: ['user:default/grace', 'group:default/shop'] },
      },
    });
  });

  it.each([
    gnsDefinitionCreatePermission,
    gnsClusterCreatePermission,
    gnsRolloutApprovePermission,
  ])('refuses $name to developers', async permission => {
    await expect(policy.handle({ permission }, developer)).resolves.toEqual({
      result: AuthorizeResult.DENY,
    });
  });

  it('lets everyone who is signed in read, and nobody else', async () => {
    const permission = gnsDefinitionReadPermission;
    await expect(policy.handle({ permission }, developer)).resolves.toEqual({
      result: AuthorizeResult.ALLOW,
    });
    await expect(policy.handle({ permission })).resolves.toEqual({
      result: AuthorizeResult.DENY,
    });
  });

  it('leaves the permissions of other plugins open to signed-in people', async () => {
    const permission = createPermission({
      name: 'other.thing.create',
      attributes: { action: 'create' },
    });
    await expect(policy.handle({ permission }, developer)).resolves.toEqual({
      result: AuthorizeResult.ALLOW,
    });
    await expect(policy.handle({ permission })).resolves.toEqual({
      result: AuthorizeResult.DENY,
    });
  });
});
