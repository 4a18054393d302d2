/* The contract's own test double and inventory: what a controller says, without a cluster behind it. */
// eslint-disable-next-line @backstage/no-relative-monorepo-imports
import { FakeController } from '../../../plugins/gns-backend/src/__testUtils__/FakeController';
// eslint-disable-next-line @backstage/no-relative-monorepo-imports
import { inventoryOf } from '../../../plugins/gns-backend/src/__testUtils__/inventories';

type Report = NonNullable<Parameters<FakeController['report']>[0]>;

/**
 * A member cluster that keeps the contract with the hub, with real keys, and
 * applies what it is told at once. Its test says what it has and what fails.
 */
export class LabCluster {
  readonly #controller: FakeController;
  readonly #name: string;
  readonly #services: Record<string, string[]>;
  readonly #ip: string;
  /** Reported with each report from now on. */
  conditions: Report['conditions'] = [];
  #running: Promise<void> | undefined;
  #stopped = false;

  constructor(options: {
    url: string;
    name: string;
    ip: string;
    /** Namespace → names of services. */
    services: Record<string, string[]>;
  }) {
    this.#controller = new FakeController(options.url);
    this.#name = options.name;
    this.#ip = options.ip;
    this.#services = options.services;
  }

  async enrol(token: string): Promise<void> {
    await this.#controller.enrol(token);
  }

  /** Tells all that it has. */
  async report(): Promise<void> {
    const inventory = inventoryOf({
      uid: this.#controller.uid,
      network: `net-${this.#name}`,
      gatewayIp: this.#ip,
      services: this.#services,
    });
    await this.#controller.report({ inventory, conditions: this.conditions });
  }

  /** Applies and reports until {@link LabCluster.stop}. */
  start(): void {
    const go = async () => {
      while (!this.#stopped) {
        // Waits at the hub, not here: a change is applied as soon as it is there.
        const newer = await this.#controller.poll(2);
        await (newer
          ? this.#controller.report({ conditions: this.conditions })
          : this.report());
      }
    };
    this.#running = go();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#running;
  }
}
