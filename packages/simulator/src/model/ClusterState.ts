import { randomBytes, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { StoreSnapshot } from '../apiserver/store';
import { createServingCertificate } from '../apiserver/certificate';

const certificateSchema = z.object({ cert: z.string(), key: z.string() });

/** What makes a simulated cluster the same one after a restart. */
const identitySchema = z.object({
  clusterUid: z.string(),
  apiPort: z.number().int(),
  gatewayPort: z.number().int(),
  prometheusPort: z.number().int().optional(),
  istiodPort: z.number().int().optional(),
  /** Where its controller issues certificates. */
  issuerPort: z.number().int().optional(),
  /** base64; signs service-account tokens. */
  tokenKey: z.string(),
  adminToken: z.string(),
  controllerToken: z.string().optional(),
  portalToken: z.string().optional(),
  certificate: certificateSchema,
});

/** See {@link identitySchema}. */
export type ClusterIdentity = z.infer<typeof identitySchema>;

const snapshotSchema = z.object({
  resourceVersion: z.number().int(),
  objects: z.array(
    z.looseObject({
      apiVersion: z.string(),
      kind: z.string(),
      metadata: z.looseObject({ name: z.string() }),
    }),
  ),
});

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new Error(
      `the simulator's state file ${path} can't be read: ${
        error instanceof Error ? error.message : String(error)
      }. Delete the state folder to start anew`,
    );
  }
}

/** Writes a file that others never see half, readable by its owner alone. */
export async function writePrivate(path: string, content: string) {
  const next = `${path}.next`;
  await writeFile(next, content, { mode: 0o600 });
  await rename(next, path);
}

/** Makes the identity of a new cluster; 0 stands for any free port. */
export function newIdentity(): ClusterIdentity {
  return {
    clusterUid: randomUUID(),
    apiPort: 0,
    gatewayPort: 0,
    tokenKey: randomBytes(32).toString('base64'),
    adminToken: randomBytes(24).toString('base64url'),
    certificate: createServingCertificate(),
  };
}

/** One cluster's folder below the state folder. */
export class ClusterState {
  private constructor(readonly folder: string) {}

  /** @param folder - made when it is not there */
  static async open(folder: string): Promise<ClusterState> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return new ClusterState(folder);
  }

  async readIdentity(): Promise<ClusterIdentity | undefined> {
    const path = join(this.folder, 'identity.json');
    const stored = await readJson(path);
    return stored === undefined ? undefined : identitySchema.parse(stored);
  }

  async writeIdentity(identity: ClusterIdentity) {
    await writePrivate(
      join(this.folder, 'identity.json'),
      `${JSON.stringify(identity, null, 2)}\n`,
    );
  }

  async readSnapshot(): Promise<StoreSnapshot | undefined> {
    const stored = await readJson(join(this.folder, 'objects.json'));
    return stored === undefined
      ? undefined
      : (snapshotSchema.parse(stored) as StoreSnapshot);
  }

  async writeSnapshot(snapshot: StoreSnapshot) {
    await writePrivate(
      join(this.folder, 'objects.json'),
      JSON.stringify(snapshot),
    );
  }

  /** Writes a kubeconfig and returns its path. */
  async writeKubeconfig(role: string, content: string): Promise<string> {
    const path = join(this.folder, `kubeconfig-${role}.json`);
    await writePrivate(path, content);
    return path;
  }
}
