import { DesiredState, ZERO_EPOCH } from '@isthmus/plugin-gns-common';
import { NotAllowedError } from '@backstage/errors';
import { HighestEpoch } from '../hub/Hub';
import { Logger, messageOf } from '../logging';
import { KubeApi, isKubeStatus } from '../kube/KubeApi';
import { OWN_RESOURCES } from '../kube/resources';
import { Identity, identitySchema } from './Identity';
import { SecretStore } from './SecretStore';
import { StateIndex, decodeState, encodeState, parseIndex } from './shards';

const IDENTITY = 'isthmus-identity';
const INDEX = 'isthmus-state';

/** What outlives hub and process, in Secrets of the controller's own namespace. */
export class StateStore {
  readonly #kube: KubeApi;
  readonly #namespace: string;
  readonly #logger: Logger;
  readonly #secrets: SecretStore;
  /** Names of the shards that are known to stand in the cluster. */
  #written = new Set<string>();
  #identityText: string | undefined;

  static create(options: {
    kube: KubeApi;
    namespace: string;
    logger: Logger;
  }): StateStore {
    return new StateStore(options);
  }

  private constructor(options: {
    kube: KubeApi;
    namespace: string;
    logger: Logger;
  }) {
    this.#kube = options.kube;
    this.#namespace = options.namespace;
    this.#logger = options.logger;
    this.#secrets = new SecretStore(options.kube, options.namespace);
  }

  /** Makes our namespace when it is missing. Throws NotAllowedError when we may not. */
  async ensureNamespace(signal?: AbortSignal): Promise<void> {
    const { namespaces } = OWN_RESOURCES;
    const name = { name: this.#namespace };
    if (await this.#kube.get(namespaces, name, signal)) return;
    try {
      await this.#kube.create(
        namespaces,
        { apiVersion: 'v1', kind: 'Namespace', metadata: name },
        signal,
      );
    } catch (error) {
      if (isKubeStatus(error, 409)) return;
      if (!isKubeStatus(error, 403)) throw error;
      throw new NotAllowedError(
        `The namespace ${
          this.#namespace
        } does not exist and the controller may not create it; run "kubectl create namespace ${
          this.#namespace
        }"`,
        error,
      );
    }
  }

  async loadIdentity(signal?: AbortSignal): Promise<Identity | undefined> {
    const text = (await this.#secrets.read(IDENTITY, signal))?.toString('utf8');
    if (text === undefined) return undefined;
    this.#identityText = text;
    return identitySchema.parse(JSON.parse(text));
  }

  async saveIdentity(identity: Identity, signal?: AbortSignal): Promise<void> {
    const text = JSON.stringify(identity);
    if (text === this.#identityText) return;
    await this.#secrets.write(IDENTITY, 'identity', Buffer.from(text), {
      signal,
    });
    this.#identityText = text;
  }

  /**
   * The last desired state and the highest epoch. A state that is not whole is
   * left out, and told; the epoch stays, so that nothing older is taken.
   */
  async loadState(
    signal?: AbortSignal,
  ): Promise<{ highest: HighestEpoch; state: DesiredState | undefined }> {
    const text = (await this.#secrets.read(INDEX, signal))?.toString('utf8');
    if (text === undefined) {
      return { highest: { epoch: ZERO_EPOCH }, state: undefined };
    }
    const index = parseIndex(text);
    const highest = { epoch: index.highest, proof: index.proof };
    if (!index.state) return { highest, state: undefined };
    const names = index.state.shards.flatMap(s => s.names);
    const bytes = new Map<string, Buffer>();
    for (const name of names) {
      const content = await this.#secrets.read(name, signal);
      if (content) bytes.set(name, content);
    }
    this.#written = new Set(bytes.keys());
    try {
      return {
        highest,
        state: decodeState(index.state, name => bytes.get(name)),
      };
    } catch (error) {
      this.#logger.error(
        `The kept desired state is not whole (${messageOf(
          error,
        )}); it is fetched from the hub again`,
      );
      return { highest, state: undefined };
    }
  }

  /** Shards first, then the index that names them, then the old shards go. */
  async saveState(
    state: DesiredState | undefined,
    highest: HighestEpoch,
    signal?: AbortSignal,
  ): Promise<void> {
    const encoded = state && encodeState(state);
    for (const shard of encoded?.shards ?? []) {
      if (this.#written.has(shard.name)) continue;
      await this.#secrets.write(shard.name, 'shard', shard.bytes, { signal });
      this.#written.add(shard.name);
    }
    const index: StateIndex = {
      version: 1,
      highest: highest.epoch,
      proof: highest.proof,
      state: encoded?.index,
    };
    await this.#secrets.write(
      INDEX,
      'index',
      Buffer.from(JSON.stringify(index)),
      { signal },
    );
    const inUse = new Set(encoded?.shards.map(s => s.name));
    await this.#sweep(inUse, signal);
  }

  /** Removes all that this store ever wrote. */
  async removeAll(signal?: AbortSignal): Promise<number> {
    const secrets = await this.#secrets.list(undefined, signal);
    for (const secret of secrets) await this.#secrets.remove(secret, signal);
    return secrets.length;
  }

  async #sweep(inUse: ReadonlySet<string>, signal?: AbortSignal) {
    // A shard that an interrupted write left behind is found by its label.
    const stale = (await this.#secrets.list('shard', signal)).filter(
      secret => !inUse.has(secret.metadata.name),
    );
    for (const secret of stale) {
      await this.#secrets.remove(secret, signal);
      this.#written.delete(secret.metadata.name);
    }
  }
}
