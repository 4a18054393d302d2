import { z } from 'zod';
import { IdentityPhase, LABEL_STATE } from '@isthmus/plugin-gns-common';
import { KubeObject } from '../../kube/KubeApi';
import { Logger, messageOf } from '../../logging';
import { contentOf } from '../../state/SecretStore';
import { LoadedAuthority, loadAuthority } from './LoadedAuthority';
import {
  IssuerRecord,
  IssuingRecord,
  ServingRecord,
  issuerRecordSchema,
  issuingRecordSchema,
  servingRecordSchema,
  unpack,
} from './issuerRecord';

/** What a namespace's pods are given. */
export interface NamespaceIssuing {
  phase: IdentityPhase;
  /** Tells this phase from an earlier one of the same name. */
  step: number;
  authority: LoadedAuthority;
}

/**
 * What this replica issues with, as the Secrets say: every replica reads it
 * from them, also the one that writes them. A Secret that cannot be read
 * changes nothing.
 */
export class IssuingView {
  readonly #records = new Map<string, IssuerRecord>();
  readonly #authorities = new Map<string, LoadedAuthority>();
  readonly #namespaces = new Map<string, NamespaceIssuing>();
  /** Name of a Secret → its global namespace. */
  readonly #secrets = new Map<string, string>();
  #mesh: IssuingRecord | undefined;
  #serving: ServingRecord | undefined;

  constructor(private readonly options: { logger: Logger; onChange(): void }) {}

  /** Undefined: the namespace is a member of no global namespace with an authority. */
  forNamespace(namespace: string): NamespaceIssuing | undefined {
    return this.#namespaces.get(namespace);
  }

  authorities(): Iterable<LoadedAuthority> {
    return this.#authorities.values();
  }

  authority(gns: string): LoadedAuthority | undefined {
    return this.#authorities.get(gns);
  }

  record(gns: string): IssuerRecord | undefined {
    return this.#records.get(gns);
  }

  /** What is served to pilot-agent; undefined: not made yet. */
  get serving(): ServingRecord | undefined {
    return this.#serving;
  }

  get mesh(): IssuingRecord | undefined {
    return this.#mesh;
  }

  /** A Secret was seen. */
  upsert(secret: KubeObject): void {
    const content = contentOf(secret);
    if (!content) return;
    const { name, labels } = secret.metadata;
    const read = <T>(schema: z.ZodType<T>) => unpack(schema, content);
    try {
      switch (labels?.[LABEL_STATE]) {
        case 'issuer': {
          const record = read(issuerRecordSchema);
          this.#secrets.set(name, record.gns);
          this.#records.set(record.gns, record);
          this.#load(record);
          break;
        }
        case 'issuing':
          this.#mesh = read(issuingRecordSchema);
          for (const record of this.#records.values()) this.#load(record);
          break;
        case 'serving':
          this.#serving = read(servingRecordSchema);
          break;
        default:
          return;
      }
    } catch (error) {
      this.options.logger.error(
        `The Secret ${name} cannot be read and changes nothing: ${messageOf(
          error,
        ).slice(0, 300)}`,
      );
      return;
    }
    this.#index();
    this.options.onChange();
  }

  /** A Secret is gone: nothing is issued with it any more. */
  remove(name: string): void {
    const gns = this.#secrets.get(name);
    if (gns === undefined) return;
    this.#secrets.delete(name);
    this.#records.delete(gns);
    this.#authorities.delete(gns);
    this.#index();
    this.options.onChange();
  }

  #load(record: IssuerRecord): void {
    this.#authorities.set(record.gns, loadAuthority(record, this.#mesh));
  }

  #index(): void {
    this.#namespaces.clear();
    // A namespace has one global namespace; should two claim it, neither issues by chance.
    const sorted = [...this.#authorities.values()].sort((a, b) =>
      a.gns < b.gns ? -1 : 1,
    );
    for (const authority of sorted) {
      for (const [namespace, { phase, step }] of authority.namespaces) {
        const other = this.#namespaces.get(namespace);
        if (other) {
          this.options.logger.error(
            `Namespace ${namespace} is claimed by ${other.authority.gns} and by ${authority.gns}; the first keeps it`,
          );
        } else this.#namespaces.set(namespace, { phase, step, authority });
      }
    }
  }
}
