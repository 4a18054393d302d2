import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import { NotAllowedError } from '@backstage/errors';

function isPrincipal(
  value: unknown,
): value is { type: string; userEntityRef?: unknown; subject?: unknown } {
  return typeof value === 'object' && value !== null && 'type' in value;
}

/** Who acts, for revisions and audit: `user:default/jo`, `service:plugin:scaffolder`. */
export function actorOf(credentials: BackstageCredentials): string {
  const { principal } = credentials;
  if (isPrincipal(principal)) {
    if (
      principal.type === 'user' &&
      typeof principal.userEntityRef === 'string'
    ) {
      return principal.userEntityRef;
    }
    if (principal.type === 'service' && typeof principal.subject === 'string') {
      return `service:${principal.subject}`;
    }
  }
  throw new NotAllowedError(
    'The request names neither a user nor a service: sign in, or send a service token.',
  );
}
