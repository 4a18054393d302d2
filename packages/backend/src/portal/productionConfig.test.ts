import { resolve } from 'node:path';
import { ConfigReader } from '@backstage/config';
import { ConfigSources, FileConfigSource } from '@backstage/config-loader';
import { insecureSettings } from './insecureSettings';

const ROOT = resolve(__dirname, '../../../..');
const ENVIRONMENT: Record<string, string> = {
  PORTAL_URL: 'https://portal.example',
  PORTAL_ADMIN_GROUP: 'group:default/sre',
  POSTGRES_HOST: 'db',
  POSTGRES_PORT: '5432',
  POSTGRES_USER: 'portal',
  POSTGRES_PASSWORD: 'secret',
};

/** The configuration that `--config app-config.yaml --config app-config.production.yaml` gives. */
async function load(...files: string[]) {
  const source = ConfigSources.merge(
    files.map(file =>
      FileConfigSource.create({
        path: resolve(ROOT, file),
        watch: false,
        substitutionFunc: async name => ENVIRONMENT[name],
      }),
    ),
  );
  for await (const { configs } of source.readConfigData()) {
    return ConfigReader.fromConfigs(configs);
  }
  throw new Error('no configuration was read');
}

describe('the configuration files', () => {
  it('are safe in production when both are loaded', async () => {
    const config = await load('app-config.yaml', 'app-config.production.yaml');
    expect(insecureSettings(config, 'production')).toEqual([]);
    expect(config.getString('backend.database.client')).toBe('pg');
    expect(config.getString('gns.hubUrl')).toBe('https://portal.example');
    expect(config.getOptional('auth.providers.demo-admin')).toBeUndefined();
    expect(config.getOptional('backend.auth.externalAccess')).toBeUndefined();
    expect(config.getStringArray('portal.admins')).toEqual([
      'group:default/sre',
    ]);
  });

  it('are refused in production when the demo’s is loaded alone', async () => {
    const found = insecureSettings(await load('app-config.yaml'), 'production');
    expect(found.join('\n')).toContain('demo.personas');
    expect(found.join('\n')).toContain('backend.database.client');
  });
});
