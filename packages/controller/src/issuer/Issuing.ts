import { CONTROLLER_NAME } from '@isthmus/plugin-gns-common';
import { KubeApi } from '../kube/KubeApi';
import { Reflector } from '../kube/Reflector';
import { OWN_RESOURCES } from '../kube/resources';
import { Logger, messageOf } from '../logging';
import { SecretStore, stateSelector } from '../state/SecretStore';
import { ControllerMetrics } from '../status/metrics';
import { Backoff } from '../timing/Backoff';
import { Clock } from '../timing/Clock';
import { Intervals } from '../timing/Intervals';
import { Throttled } from '../timing/Throttled';
import { IssueJournal } from './journal/IssueJournal';
import { IssuingView } from './kept/IssuingView';
import { pack } from './kept/issuerRecord';
import { ReplicaRecord, replicaSecretName } from './replicas/replicaRecord';
import { CertificateService } from './service/CertificateService';
import { GrpcServer } from './service/GrpcServer';
import { DEFAULT_RATES, IssuingRates, RateLimits } from './service/RateLimits';
import { ServingCertificate } from './service/ServingCertificate';
import { RefusalReason } from './service/codes';
import { CallerCheck } from './tokens/CallerCheck';
import { GrpcIstiod } from './upstream/GrpcIstiod';

/** How the controller serves certificates. */
export interface IssuingSettings {
  /** `host:port` of the certificate service; port 0 takes a free one. */
  listen: string;
  /** `host:port` of istiod, where its Service cannot be resolved. */
  istiodAddress?: string;
  /** Default {@link DEFAULT_RATES}. */
  rates?: IssuingRates;
}

export interface IssuingOptions {
  settings: IssuingSettings;
  kube: KubeApi;
  clock: Clock;
  intervals: Intervals;
  logger: Logger;
  metrics: ControllerMetrics;
  namespace: string;
  istioNamespace: string;
  /** Name of this replica. */
  holder: string;
}

/** How long a failing API server is reported as failing after its last failure. */
const TROUBLE = 120_000;

/**
 * The certificate service of one replica: it issues with what the Secrets
 * hold, whether it leads or not, and whether the hub is there or not.
 */
export class Issuing {
  readonly view: IssuingView;
  readonly secrets: SecretStore;
  readonly #options: IssuingOptions;
  readonly #reflector: Reflector;
  readonly #journal: IssueJournal;
  readonly #serving = new ServingCertificate();
  readonly #service: CertificateService;
  readonly #istiod: GrpcIstiod;
  readonly #statusWrites: Throttled;
  /** Refusals that are not the caller's fault: when the last one was. */
  readonly #troubles = new Map<RefusalReason, number>();
  readonly #listeners = new Set<() => void>();
  #server: GrpcServer | undefined;
  #hasServing: (() => void) | undefined;
  #written: string | undefined;
  #mayBeKept = false;

  static create(options: IssuingOptions): Issuing {
    return new Issuing(options);
  }

  private constructor(options: IssuingOptions) {
    this.#options = options;
    const { kube, clock, intervals, logger, metrics, namespace } = options;
    this.secrets = new SecretStore(kube, namespace);
    this.view = new IssuingView({ logger, onChange: () => this.#changed() });
    this.#journal = IssueJournal.create({
      secrets: this.secrets,
      clock,
      interval: intervals.stateWrite,
      logger,
    });
    this.#istiod = GrpcIstiod.create({
      istioNamespace: options.istioNamespace,
      address: options.settings.istiodAddress,
      roots: () => this.view.mesh?.meshRoots.join('\n'),
    });
    this.#service = CertificateService.create({
      callers: CallerCheck.create({ kube, now: () => clock.now() }),
      limits: new RateLimits(options.settings.rates ?? DEFAULT_RATES, clock),
      issuingFor: name => this.view.forNamespace(name),
      istiod: this.#istiod,
      clock,
      logger,
      onIssued: issuance => {
        metrics.certificates.inc({
          gns: issuance.gns,
          source: issuance.issuerKeyId ? 'own' : 'istiod',
        });
        this.#journal.add(issuance);
      },
      onRefused: reason => {
        metrics.certificateRefusals.inc({ reason });
        this.#troubles.set(reason, clock.now());
      },
    });
    this.#reflector = Reflector.create({
      kube,
      resource: OWN_RESOURCES.secrets,
      selector: {
        namespace,
        labelSelector: stateSelector(['issuer', 'issuing', 'serving']),
      },
      clock,
      intervals,
      logger,
      handlers: {
        onUpsert: secret => this.view.upsert(secret),
        onDelete: key => this.view.remove(key.split('/')[1]),
      },
    });
    this.#statusWrites = new Throttled({
      interval: Math.min(1_000, intervals.statusWrite),
      clock,
      work: () => this.#writeStatus(),
      onError: error => logger.warn(`replica: ${messageOf(error)}`),
    });
  }

  /** Port of the certificate service; undefined: it does not take calls yet. */
  get port(): number | undefined {
    return this.#server?.port;
  }

  /** Calls back when what is issued with changed. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Why this replica should take no calls; undefined: it may. */
  notReady(): string | undefined {
    if (!this.#reflector.state.synced && !this.#server) {
      return 'the issuers are not listed yet';
    }
    // Without a serving certificate nobody was told to call yet.
    if (this.view.serving && !this.#server) {
      return 'the certificate service does not listen yet';
    }
    return undefined;
  }

  /** Reasons why callers were lately refused without a fault of theirs. */
  troubles(): RefusalReason[] {
    const since = this.#options.clock.now() - TROUBLE;
    const ours: RefusalReason[] = [
      'TokenReviewFailed',
      'Overloaded',
      'RateLimited',
      'Istiod',
      'NoIssuer',
      'Internal',
    ];
    return ours.filter(reason => (this.#troubles.get(reason) ?? 0) > since);
  }

  /** Serves until aborted; never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    const writing = new AbortController();
    const journal = this.#journal.run(writing.signal);
    await Promise.all([
      this.#reflector.run(signal),
      this.#serve(signal),
      this.#statusWrites.run(signal),
    ]);
    // Only now: a status that was on its way would come back after its removal.
    await this.#leave();
    // What was issued to the last call is still to be kept.
    writing.abort();
    await journal.catch(error =>
      this.#options.logger.warn(`issue records: ${messageOf(error)}`),
    );
    this.#istiod.close();
  }

  async #serve(signal: AbortSignal): Promise<void> {
    const { clock, intervals, logger, settings, metrics } = this.#options;
    await this.#untilServing(signal);
    const backoff = new Backoff(intervals.kubeBackoff, clock);
    while (!signal.aborted && !this.#server) {
      try {
        this.#server = await GrpcServer.start({
          listen: settings.listen,
          serving: this.#serving,
          service: this.#service,
          logger,
          onAnswer: (code, took) =>
            metrics.certificateSeconds.observe(
              { code: String(code) },
              took / 1000,
            ),
        });
        logger.info(`Certificates are issued on port ${this.#server.port}`);
        this.#changed();
      } catch (error) {
        logger.error(messageOf(error));
        await clock.sleep(backoff.next(), signal);
      }
    }
    await aborted(signal);
    await this.#server?.stop();
  }

  async #untilServing(signal: AbortSignal): Promise<void> {
    if (this.view.serving) return;
    await Promise.race([
      new Promise<void>(resolve => {
        this.#hasServing = resolve;
      }),
      aborted(signal),
    ]);
  }

  #changed(): void {
    const { serving } = this.view;
    if (serving) {
      this.#serving.set(serving.serving.certificate, serving.serving.key);
      this.#hasServing?.();
    }
    this.#statusWrites?.request();
    for (const listener of this.#listeners ?? []) listener();
  }

  /** What this replica serves, for the one that reports. */
  #status(): ReplicaRecord {
    return {
      version: 1,
      holder: this.#options.holder,
      listening: this.#server !== undefined,
      serves: Object.fromEntries(
        [...this.view.authorities()].map(a => [
          a.gns,
          {
            digest: a.digest,
            bundleEpoch: a.bundleEpoch,
            ...(a.issuer ? { issuer: a.issuer.keyId } : {}),
          },
        ]),
      ),
    };
  }

  async #writeStatus(): Promise<void> {
    const status = this.#status();
    const text = JSON.stringify(status);
    if (text === this.#written) return;
    // A cluster in which nothing is issued has nothing to tell.
    if (!this.#written && Object.keys(status.serves).length === 0) return;
    // A write without an answer may have been done all the same.
    this.#mayBeKept = true;
    await this.secrets.write(
      replicaSecretName(this.#options.holder),
      'replica',
      pack(status),
    );
    this.#written = text;
  }

  /** This replica takes no more calls: nobody shall wait for it. */
  async #leave(): Promise<void> {
    if (!this.#mayBeKept) return;
    try {
      await this.secrets.remove({
        metadata: { name: replicaSecretName(this.#options.holder) },
      });
    } catch (error) {
      // The one that leads removes it when the pod is gone.
      this.#options.logger.debug(`replica: ${messageOf(error)}`);
    }
  }
}

/** Name of the controller's Service in the cluster. */
export function serviceName(namespace: string): string {
  return `${CONTROLLER_NAME}.${namespace}.svc`;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
