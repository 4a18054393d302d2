import { ConfigReader } from '@backstage/config';
import { insecureSettings } from './insecureSettings';

const safe = {
  backend: { database: { client: 'pg', connection: { host: 'db' } } },
  permission: { enabled: true },
};
const check = (settings: object, nodeEnv: string) =>
  insecureSettings(new ConfigReader(settings as never), nodeEnv);

describe('insecureSettings', () => {
  it('accepts PostgreSQL with permissions in production', () => {
    expect(check(safe, 'production')).toEqual([]);
  });

  it.each([
    [
      'an in-memory database',
      {
        ...safe,
        backend: {
          database: { client: 'better-sqlite3', connection: ':memory:' },
        },
      },
      ':memory:',
    ],
    [
      'SQLite in a folder',
      {
        ...safe,
        backend: {
          database: {
            client: 'better-sqlite3',
            connection: { directory: '/data' },
          },
        },
      },
      'backend.database.client',
    ],
    [
      'permissions switched off',
      { ...safe, permission: { enabled: false } },
      'permission.enabled',
    ],
    [
      'guests from outside',
      {
        ...safe,
        auth: {
          providers: { guest: { dangerouslyAllowOutsideDevelopment: true } },
        },
      },
      'dangerouslyAllowOutsideDevelopment',
    ],
    [
      'requests without authentication',
      {
        ...safe,
        backend: {
          ...safe.backend,
          auth: { dangerouslyDisableDefaultAuthPolicy: true },
        },
      },
      'dangerouslyDisableDefaultAuthPolicy',
    ],
    [
      'the personas of the demo',
      { ...safe, demo: { personas: true } },
      'demo.personas',
    ],
  ])('refuses %s in production', (_name, settings, named) => {
    const found = check(settings, 'production');
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(named);
  });

  it('lets the demo run in development only', () => {
    const demo = {
      demo: { personas: true },
      backend: {
        database: { client: 'better-sqlite3', connection: ':memory:' },
      },
    };
    expect(check(demo, 'development')).toEqual([]);
    expect(check(demo, 'staging')).toHaveLength(1);
  });
});
