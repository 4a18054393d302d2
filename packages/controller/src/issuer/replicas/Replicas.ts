import { LABEL_STATE } from '@isthmus/plugin-gns-common';
import { KubeObject } from '../../kube/KubeApi';
import { Logger, messageOf } from '../../logging';
import { contentOf } from '../../state/SecretStore';
import { unpack } from '../kept/issuerRecord';
import { ReplicaRecord, replicaRecordSchema } from './replicaRecord';

/** What the replicas that take calls serve for one global namespace. */
export interface ServedByAll {
  /** The oldest bundle that one of them gives out; 0: one gives none, or there is none. */
  bundleEpoch: number;
  /** The settings that all of them apply; undefined: they differ. */
  digest: string | undefined;
}

/** The replicas as their Secrets tell, for the one that reports. */
export class Replicas {
  readonly #records = new Map<string, ReplicaRecord>();
  readonly #secrets = new Map<string, KubeObject>();

  constructor(
    private readonly options: {
      logger: Logger;
      /** Whether the replica of this name runs. */
      isAlive(holder: string): boolean;
      onChange(): void;
    },
  ) {}

  upsert(secret: KubeObject): void {
    const { name, labels } = secret.metadata;
    const content = contentOf(secret);
    if (labels?.[LABEL_STATE] !== 'replica' || !content) return;
    try {
      this.#records.set(name, unpack(replicaRecordSchema, content));
      this.#secrets.set(name, { metadata: secret.metadata });
      this.options.onChange();
    } catch (error) {
      this.options.logger.warn(
        `The Secret ${name} tells of no replica: ${messageOf(error).slice(
          0,
          200,
        )}`,
      );
    }
  }

  remove(name: string): void {
    this.#secrets.delete(name);
    if (this.#records.delete(name)) this.options.onChange();
  }

  /** Replicas that run and take calls. */
  serving(): ReplicaRecord[] {
    return [...this.#records.values()].filter(
      r => r.listening && this.options.isAlive(r.holder),
    );
  }

  served(gns: string): ServedByAll {
    const serves = this.serving().map(r => r.serves[gns]);
    if (serves.length === 0 || serves.some(s => !s)) {
      return { bundleEpoch: 0, digest: undefined };
    }
    const [first] = serves;
    return {
      bundleEpoch: Math.min(...serves.map(s => s.bundleEpoch)),
      digest: serves.every(s => s.digest === first.digest)
        ? first.digest
        : undefined,
    };
  }

  /** Secrets of replicas that are gone. */
  gone(): KubeObject[] {
    return [...this.#records]
      .filter(([, r]) => !this.options.isAlive(r.holder))
      .flatMap(([name]) => this.#secrets.get(name) ?? []);
  }
}
