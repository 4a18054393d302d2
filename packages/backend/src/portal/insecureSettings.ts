import type { Config } from '@backstage/config';

/**
 * What in a configuration must not reach production, one sentence each with
 * its path and remedy. Pure: the environment comes in as an argument.
 */
export function insecureSettings(config: Config, nodeEnv: string): string[] {
  const found: string[] = [];
  const development = nodeEnv === 'development' || nodeEnv === 'test';
  if (config.getOptionalBoolean('demo.personas') && !development) {
    found.push(
      `demo.personas is true, but NODE_ENV is "${nodeEnv}": anyone could sign in as the platform admin. Remove it and configure auth.providers.`,
    );
  }
  if (nodeEnv !== 'production') return found;

  if (config.getOptionalString('backend.database.client') !== 'pg') {
    const connection = config.getOptional('backend.database.connection');
    found.push(
      connection === ':memory:'
        ? 'backend.database.connection is ":memory:": everything would be lost at a restart. Use PostgreSQL (backend.database.client: pg).'
        : 'backend.database.client is not "pg": several replicas and backups need PostgreSQL. Set backend.database.client: pg.',
    );
  }
  if (config.getOptionalBoolean('permission.enabled') !== true) {
    found.push(
      'permission.enabled is not true: everyone could edit every global namespace. Set it to true.',
    );
  }
  if (
    config.getOptionalBoolean(
      'auth.providers.guest.dangerouslyAllowOutsideDevelopment',
    )
  ) {
    found.push(
      'auth.providers.guest.dangerouslyAllowOutsideDevelopment is true: anyone could sign in. Remove it.',
    );
  }
  if (
    config.getOptionalBoolean(
      'backend.auth.dangerouslyDisableDefaultAuthPolicy',
    )
  ) {
    found.push(
      'backend.auth.dangerouslyDisableDefaultAuthPolicy is true: requests would not be authenticated. Remove it.',
    );
  }
  return found;
}
