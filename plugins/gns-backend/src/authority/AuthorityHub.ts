import type { LoggerService } from '@backstage/backend-plugin-api';
import type { Knex } from 'knex';
import type { KeyProtector } from '@isthmus/plugin-gns-node';
import type { DefinitionStore } from '../definitions/DefinitionStore';
import type { Audit } from '../members/enrolment';
import type { FreshnessLimits } from '../members/freshness';
import type { AuthorityConfig } from './authorityConfig';
import { IssuerService } from './IssuerService';
import { BackupService } from './BackupService';
import { ConfigKeyProtector } from './keys/ConfigKeyProtector';
import { KeyVault } from './keys/KeyVault';
import { RootKeeper } from './RootKeeper';
import { RootKeys } from './RootKeys';
import { RotationMeasure } from './rotation/RotationMeasure';
import { RotationService } from './RotationService';
import { TransitionService } from './TransitionService';
import { AuthorityStore } from './store/AuthorityStore';
import type { Wait } from './transition/types';

export interface AuthorityHubOptions {
  knex: Knex;
  config: AuthorityConfig;
  /** Seals before the keys of the config do; absent: none is installed. */
  protector: KeyProtector | undefined;
  /** Refuses development keys. */
  production: boolean;
  definitions: Pick<DefinitionStore, 'list' | 'revisions'>;
  audit: Audit;
  freshness: FreshnessLimits;
  logger: LoggerService;
  now: () => number;
  /** An authority changed, so what is delivered does. */
  onChange: (gns: string) => void;
}

/** The certificate authorities of this hub. */
export class AuthorityHub {
  readonly store: AuthorityStore;
  readonly vault: KeyVault;
  readonly keys: RootKeys;
  readonly rotations: RotationService;
  readonly issuers: IssuerService;
  readonly measure: RotationMeasure;
  readonly keeper: RootKeeper;
  readonly backups: BackupService;
  readonly transitions: TransitionService;
  readonly config: AuthorityConfig;
  #waits: ReadonlyMap<string, readonly Wait[]> = new Map();

  constructor(options: AuthorityHubOptions) {
    const { knex, config, audit, now } = options;
    const configured = ConfigKeyProtector.create(config.keys);
    this.config = config;
    this.store = new AuthorityStore(knex);
    this.vault = KeyVault.create({
      protectors: options.protector
        ? [options.protector, configured]
        : [configured],
      production: options.production,
    });
    this.keys = new RootKeys({
      vault: this.vault,
      now,
      lifeMs: config.rootLifeMs,
    });
    const common = { store: this.store, keys: this.keys, audit, now };
    this.rotations = new RotationService(common);
    this.backups = new BackupService({
      ...common,
      vault: this.vault,
      rotations: this.rotations,
    });
    this.transitions = new TransitionService(common);
    this.issuers = new IssuerService({
      ...common,
      lifeMs: config.issuerLifeMs,
    });
    this.measure = new RotationMeasure({
      knex,
      freshness: options.freshness,
      now,
    });
    this.keeper = new RootKeeper({
      store: this.store,
      vault: this.vault,
      keys: this.keys,
      rotations: this.rotations,
      measure: this.measure,
      definitions: options.definitions,
      keepDeletedMs: config.keepDeletedMs,
      logger: options.logger,
      now,
      onChange: options.onChange,
    });
  }

  /** What the last reconciliation of this replica found that members wait for. */
  noteWaits(waits: ReadonlyMap<string, readonly Wait[]>): void {
    this.#waits = waits;
  }

  waitsOf(gns: string): readonly Wait[] {
    return this.#waits.get(gns) ?? [];
  }
}
