import {
  AuthoritySettings,
  CA_ADDRESS,
  Condition,
  DesiredState,
  IdentityReport,
  IssueRecord,
  ReportedAuthority,
  WorkloadIdentity,
} from '@isthmus/plugin-gns-common';
import { ControllerSettings } from '../ControllerOptions';
import { Hub } from '../hub/Hub';
import { InventoryWatcher } from '../inventory/InventoryWatcher';
import { Reflector } from '../kube/Reflector';
import { OWN_RESOURCES } from '../kube/resources';
import { messageOf } from '../logging';
import { stateSelector } from '../state/SecretStore';
import { ConditionEvents } from '../status/ConditionEvents';
import { isoTime } from '../timing/Clock';
import { Throttled } from '../timing/Throttled';
import { ControllerMetrics } from '../status/metrics';
import { Issuing, serviceName } from './Issuing';
import { AuthorityKeeper } from './authority/AuthorityKeeper';
import { IssuedRecords } from './journal/IssuedRecords';
import { splitBundle } from './kept/LoadedAuthority';
import { workloadIdentities } from './proof/workloadIdentities';
import { Replicas } from './replicas/Replicas';
import { HeldFor } from './restarts/HeldFor';
import { Restarter, Waiting } from './restarts/Restarter';
import { DEFAULT_SERVING_LIVES, rootsOf } from './serving/nextServing';
import { MeshWatcher } from './setup/MeshWatcher';
import { Obstacle, obstaclesOf } from './setup/obstacles';
import { RootPublisher } from './setup/RootPublisher';

/** What refusals mean that are no fault of the callers. */
const TROUBLES: Record<string, string> = {
  TokenReviewFailed:
    'The API server could not be asked who callers are (TokenReview, pods): they try again. Look at its load and at the rights of the controller.',
  Overloaded:
    'Too many callers wait for the API server at once. They try again; raise the replicas of the controller if it lasts.',
  RateLimited:
    'A pod, a service account or the cluster asks for certificates more often than honest workloads do; it is made to wait.',
  Istiod:
    'istiod did not answer requests that were passed on to it while a namespace joins or leaves. Look at istiod.',
  NoIssuer:
    'Pods ask for certificates of an issuer that is missing or expired.',
  Internal:
    'A certificate could not be made. The log of the controller says why.',
};

export interface LeadingIssuerOptions {
  settings: ControllerSettings;
  issuing: Issuing;
  hub: Hub;
  holder: string;
  metrics: ControllerMetrics;
  inventory: InventoryWatcher;
  desired(): DesiredState | undefined;
  isPaused(gns: string): boolean;
  /** Whether an object of the desired state stands in the cluster as desired. */
  isApplied(key: string): boolean;
  mayWrite(): boolean;
  /** Something that is reported changed. */
  onChange(): void;
}

/** What was last seen to be served by all replicas, for the time that they differ. */
interface Served {
  bundleEpoch: number;
  bundleRoots: readonly string[];
  namespaces: ReadonlyMap<
    string,
    Pick<AuthoritySettings['namespaces'][number], 'phase' | 'step'>
  >;
}

/**
 * What the replica that leads does for identities beside serving: keeps
 * issuers and serving certificates, publishes the root, finds what stands in
 * the way, measures what pods hold, restarts what waits, and reports it all.
 */
export class LeadingIssuer {
  readonly keeper: AuthorityKeeper;
  readonly publisher: RootPublisher;
  readonly issued: IssuedRecords;
  readonly #options: LeadingIssuerOptions;
  readonly #mesh: MeshWatcher;
  readonly #replicas: Replicas;
  readonly #restarter: Restarter;
  readonly #setUpHeard: HeldFor;
  readonly #records: Reflector;
  readonly #tidying: Throttled;
  readonly #events: ConditionEvents;
  readonly #served = new Map<string, Served>();
  #namespaces: ReadonlyMap<string, string> = new Map();
  #surroundings = '';

  static create(options: LeadingIssuerOptions): LeadingIssuer {
    return new LeadingIssuer(options);
  }

  private constructor(options: LeadingIssuerOptions) {
    this.#options = options;
    const { settings, issuing, inventory } = options;
    const { kube, clock, intervals, logger, namespace } = settings;
    const { secrets, view } = issuing;
    const common = { kube, clock, intervals, logger };
    const changed = () => this.#changed();
    this.keeper = AuthorityKeeper.create({
      ...common,
      secrets,
      view,
      hub: options.hub,
      namespace,
      names: [
        serviceName(namespace),
        serviceName(namespace).replace(/\.svc$/, ''),
        `${serviceName(namespace)}.cluster.local`,
      ],
      lives: settings.servingLives ?? DEFAULT_SERVING_LIVES,
      desired: () => {
        const state = options.desired();
        return (
          state && {
            cluster: state.settings.clusterName,
            authorities: state.settings.authorities ?? {},
          }
        );
      },
      mesh: () => this.#meshNow(),
      isPaused: options.isPaused,
      mayWrite: options.mayWrite,
      onChange: changed,
    });
    this.publisher = RootPublisher.create({
      ...common,
      gnsOf: name => this.#namespaces.get(name),
      namespaces: () => this.#namespaces.keys(),
      isInUse: name =>
        [...inventory.podsOf(name)].some(
          pod => pod.active && pod.template.ourCa,
        ),
      isPaused: options.isPaused,
      roots: () => view.serving && rootsOf(view.serving),
      mayWrite: options.mayWrite,
      onChange: changed,
    });
    this.#mesh = MeshWatcher.create({
      ...common,
      istioNamespace: settings.istioNamespace,
      onChange: changed,
    });
    this.issued = IssuedRecords.create({
      secrets,
      clock,
      logger,
      onChange: () => {
        this.#tidying.request();
        changed();
      },
    });
    this.#replicas = new Replicas({
      logger,
      isAlive: holder =>
        holder === options.holder ||
        [...inventory.podsOf(namespace)].some(
          pod => pod.name === holder && pod.active,
        ),
      onChange: changed,
    });
    this.#setUpHeard = new HeldFor(clock, intervals.setUpHeard);
    this.#restarter = Restarter.create({
      kube,
      clock,
      logger,
      interval: intervals.restart,
      waiting: () => this.#waiting(),
      isPaused: options.isPaused,
      mayWrite: options.mayWrite,
      onChange: changed,
    });
    this.#records = Reflector.create({
      ...common,
      resource: OWN_RESOURCES.secrets,
      selector: {
        namespace,
        labelSelector: stateSelector(['issued', 'replica']),
      },
      handlers: {
        onUpsert: secret => {
          this.issued.upsert(secret);
          this.#replicas.upsert(secret);
        },
        onDelete: key => {
          const [, name] = key.split('/');
          this.issued.remove(name);
          this.#replicas.remove(name);
        },
      },
    });
    this.#events = new ConditionEvents(kube, namespace, clock);
    this.#tidying = new Throttled({
      interval: Math.max(intervals.stateWrite, 1_000),
      clock,
      work: () => this.#tidy(),
      onError: error => logger.warn(`issue records: ${messageOf(error)}`),
    });
  }

  /** Works until aborted; never rejects. Idle while nothing is issued here. */
  async run(signal: AbortSignal): Promise<void> {
    const { issuing, settings } = this.#options;
    const { clock, intervals } = settings;
    const stop = issuing.onChange(() => this.#changed());
    while (!signal.aborted && !this.keeper.isNeeded) {
      await clock.sleep(intervals.issuerLook, signal);
    }
    if (!signal.aborted) {
      await this.#loadDelivered(signal);
      await Promise.all([
        this.keeper.run(signal),
        this.publisher.run(signal),
        this.#mesh.run(signal),
        this.#records.run(signal),
        this.#restarter.run(signal),
        this.#tidying.run(signal),
        this.#watchTime(signal),
      ]);
      await this.#tidying.flush();
    }
    stop();
  }

  /** The desired state changed. */
  refresh(): void {
    this.keeper.refresh();
    this.#changed();
  }

  /** Something in the cluster changed: pods, most of the time, which change nothing here. */
  inventoryChanged(): void {
    const { desired, isPaused } = this.#options;
    const names = Object.keys(desired()?.settings.authorities ?? {});
    const surroundings = JSON.stringify([
      this.#meshNow(),
      names.filter(name => isPaused(name)),
    ]);
    if (surroundings === this.#surroundings) return;
    this.#surroundings = surroundings;
    this.refresh();
  }

  /** Undefined: the hub never sent anything about authorities. */
  report(): IdentityReport | undefined {
    const { desired, settings, issuing } = this.#options;
    const authorities = desired()?.settings.authorities;
    if (!authorities) return undefined;
    return {
      observedAt: isoTime(settings.clock.now()),
      meshRoots: (issuing.view.mesh?.meshRoots ?? [])
        .map(pem => `${pem.trim()}\n`)
        .sort(),
      authorities: Object.fromEntries(
        Object.entries(authorities)
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([gns, wanted]) => [gns, this.#authority(gns, wanted)]),
      ),
    };
  }

  issueRecords(): {
    records: IssueRecord[];
    dropped: number;
    acknowledge(): void;
  } {
    return this.issued.toReport();
  }

  conditions(): Condition[] {
    if (!this.keeper.isNeeded) return [];
    const { issuing } = this.#options;
    const obstacles = [...this.#namespaces].flatMap(([name, gns]) =>
      this.#obstacles(name, gns).map(o => o.condition),
    );
    const troubles = issuing.troubles().map(
      (reason): Condition => ({
        type: 'IssuingHealthy',
        status: 'False',
        severity: reason === 'RateLimited' ? 'warning' : 'error',
        reason,
        message: TROUBLES[reason] ?? `Certificates are refused: ${reason}`,
      }),
    );
    return [
      ...this.keeper.conditions(),
      ...this.publisher.conditions(),
      ...obstacles,
      ...this.#restarter.conditions(),
      ...troubles,
    ];
  }

  /** Brings the gauges up to date before they are read. */
  measure(): void {
    const { metrics, issuing } = this.#options;
    metrics.issuerEnd.reset();
    for (const { gns, issuer } of issuing.view.authorities()) {
      if (issuer) metrics.issuerEnd.set({ gns }, issuer.notAfter / 1000);
    }
    metrics.issueRecordsWaiting.set(this.issued.waiting);
  }

  /** Lives end without an event: look now and then, and tell what a person must know. */
  async #watchTime(signal: AbortSignal): Promise<void> {
    const { settings, mayWrite, onChange } = this.#options;
    const { clock, intervals, logger } = settings;
    let before = '';
    while (!signal.aborted) {
      const conditions = this.conditions();
      const text = JSON.stringify(conditions);
      if (text !== before) onChange();
      before = text;
      try {
        if (mayWrite()) {
          await this.#events.tell(
            conditions.filter(
              c => c.severity === 'error' || c.type === 'IssuerLifetime',
            ),
          );
        }
      } catch (error) {
        logger.warn(`events: ${messageOf(error)}`);
      }
      await clock.sleep(intervals.heartbeat, signal);
    }
  }

  #changed(): void {
    const { desired, onChange } = this.#options;
    const authorities = desired()?.settings.authorities ?? {};
    this.#namespaces = new Map(
      Object.entries(authorities).flatMap(([gns, { namespaces }]) =>
        namespaces.map(n => [n.name, gns] as const),
      ),
    );
    this.publisher.refresh();
    onChange();
  }

  #meshNow() {
    const { trustDomain, roots } = this.#options.inventory.meshIdentity();
    if (!trustDomain || !roots) return undefined;
    return {
      meshTrustDomain: trustDomain,
      meshRoots: splitBundle(roots)
        .map(pem => `${pem.trim()}\n`)
        .slice(0, 20),
    };
  }

  #authority(gns: string, wanted: AuthoritySettings): ReportedAuthority {
    const { issuing } = this.#options;
    const record = issuing.view.record(gns);
    const served = this.#servedNow(gns);
    const { key: _, ...issuer } = record?.issuer ?? { key: '' };
    return {
      bundleEpoch: served.bundleEpoch,
      bundleRoots: [...served.bundleRoots],
      ...(record?.issuer && 'serial' in issuer ? { issuer } : {}),
      namespaces: wanted.namespaces.flatMap(({ name }) => {
        const applied = served.namespaces.get(name);
        return applied
          ? [{ name, ...applied, ready: this.#isReady(gns, name) }]
          : [];
      }),
      workloads: this.#workloads(gns, wanted),
    };
  }

  /** What all replicas serve; while they differ, what they served when they last agreed. */
  #servedNow(gns: string): Served {
    const { view } = this.#options.issuing;
    const record = view.record(gns);
    const { bundleEpoch, digest } = this.#replicas.served(gns);
    const before = this.#served.get(gns);
    if (record && digest === view.authority(gns)?.digest) {
      const now: Served = {
        bundleEpoch,
        bundleRoots: record.settings.bundle.roots.map(r => r.keyId).sort(),
        namespaces: new Map(
          record.settings.namespaces.map(({ name, phase, step }) => [
            name,
            { phase, step },
          ]),
        ),
      };
      this.#served.set(gns, now);
      return now;
    }
    return before ?? { bundleEpoch: 0, bundleRoots: [], namespaces: new Map() };
  }

  #isReady(gns: string, namespace: string): boolean {
    const { issuing, settings } = this.#options;
    const found = issuing.view.forNamespace(namespace);
    const issuer = found?.authority.issuer;
    return (
      found?.authority.gns === gns &&
      issuer !== undefined &&
      issuer.notAfter > settings.clock.now() &&
      found.authority.trustDomain !== undefined &&
      this.#replicas.serving().length > 0 &&
      this.publisher.isPublished(namespace) &&
      this.#mesh.isSynced &&
      !this.#obstacles(namespace, gns).some(o => o.blocks)
    );
  }

  #obstacles(namespace: string, gns: string): Obstacle[] {
    const { desired, settings, inventory } = this.#options;
    const wanted = desired()?.settings.authorities?.[gns];
    const facts = inventory.namespaceFacts(namespace);
    if (!wanted || !facts) return [];
    return obstaclesOf({
      gns,
      namespace: facts,
      trustDomain: wanted.trustDomain,
      mesh: this.#mesh.facts(),
      controllerNamespace: settings.namespace,
    });
  }

  #workloads(gns: string, wanted: AuthoritySettings): WorkloadIdentity[] {
    return workloadIdentities({
      gns,
      namespaces: wanted.namespaces,
      podsOf: name => this.#options.inventory.podsOf(name),
      heldBy: uid => this.issued.heldBy(uid),
      isRestarting: workload => this.#restarter.isRestarting(workload),
    });
  }

  #waiting(): Waiting[] {
    const { desired } = this.#options;
    return Object.entries(desired()?.settings.authorities ?? {})
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([gns, wanted]) =>
        this.#workloads(gns, wanted)
          .filter(w => w.awaitingRestart > 0)
          .map((workload): Waiting => {
            const settings = wanted.namespaces.find(
              n => n.name === workload.namespace,
            )!;
            const { phase, step, restartStartedBefore = '' } = settings;
            return {
              gns,
              workload,
              rolling: wanted.restart === 'rolling',
              helps: this.#wouldHelp(gns, settings),
              purpose: [gns, `${phase}.${step}`, restartStartedBefore]
                .filter(Boolean)
                .join(' '),
            };
          }),
      );
  }

  /** Whether a pod that starts now is set up as its phase wants. */
  #wouldHelp(
    gns: string,
    { name, phase, step }: AuthoritySettings['namespaces'][number],
  ): boolean {
    const { desired, isApplied } = this.#options;
    const state = desired();
    const setUp = state && setUpsOf(state).get(name);
    const isOurs = setUp?.ourCa ?? false;
    const isAsWanted =
      isOurs === (phase !== 'release') &&
      (setUp === undefined || isApplied(setUp.key)) &&
      (!isOurs || this.#isReady(gns, name));
    // istiod, which sets pods up, hears of it a moment later.
    return this.#setUpHeard.has(
      name,
      isAsWanted ? `${gns} ${step}` : undefined,
    );
  }

  async #loadDelivered(signal: AbortSignal): Promise<void> {
    try {
      await this.issued.load(signal);
    } catch (error) {
      // Then the hub gets some records twice, and knows them.
      this.#options.settings.logger.warn(`issue records: ${messageOf(error)}`);
    }
  }

  async #tidy(): Promise<void> {
    if (!this.#options.mayWrite()) return;
    await this.issued.tidy();
    for (const secret of this.#replicas.gone()) {
      await this.#options.issuing.secrets.remove(secret);
      this.#replicas.remove(secret.metadata.name);
    }
  }
}

interface SetUp {
  /** Of the ProxyConfig. */
  readonly key: string;
  /** It sends the pods of its namespace to our CA. */
  readonly ourCa: boolean;
}

const setUps = new WeakMap<DesiredState, ReadonlyMap<string, SetUp>>();

/** Namespace → its ProxyConfig of ours. */
function setUpsOf(state: DesiredState): ReadonlyMap<string, SetUp> {
  let known = setUps.get(state);
  if (!known) {
    known = new Map(
      [...state.objects.values()].flatMap(({ key, manifest }) =>
        manifest.kind === 'ProxyConfig' && manifest.metadata.namespace
          ? [
              [
                manifest.metadata.namespace,
                { key, ourCa: asksForOurCa(manifest) },
              ] as const,
            ]
          : [],
      ),
    );
    setUps.set(state, known);
  }
  return known;
}

function asksForOurCa(manifest: { [field: string]: unknown }): boolean {
  const spec = manifest.spec as
    | { environmentVariables?: Record<string, unknown> }
    | undefined;
  return spec?.environmentVariables?.CA_ADDR === CA_ADDRESS;
}
