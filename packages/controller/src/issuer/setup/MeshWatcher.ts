import { KubeApi, KubeObject } from '../../kube/KubeApi';
import { Reflector } from '../../kube/Reflector';
import { READ_RESOURCES } from '../../kube/resources';
import { Logger } from '../../logging';
import { readConfigMap } from '../../inventory/records';
import { Clock } from '../../timing/Clock';
import { Intervals } from '../../timing/Intervals';
import {
  InjectorFacts,
  IstiodFacts,
  readInjector,
  readIstiod,
  trustDomainsOf,
} from './meshFacts';
import { MeshFactsNow } from './obstacles';

export interface MeshWatcherOptions {
  kube: KubeApi;
  clock: Clock;
  intervals: Pick<Intervals, 'kubeBackoff' | 'watchSilence' | 'relist'>;
  logger: Logger;
  istioNamespace: string;
  onChange(): void;
}

/** Follows how istiod and its injector are set up. */
export class MeshWatcher {
  readonly #configMaps: Reflector;
  readonly #deployments: Reflector;
  readonly #istiods = new Map<string, IstiodFacts>();
  readonly #injectors = new Map<string, InjectorFacts>();
  readonly #trust = new Map<string, string[]>();

  static create(options: MeshWatcherOptions): MeshWatcher {
    return new MeshWatcher(options);
  }

  private constructor(options: MeshWatcherOptions) {
    const namespace = options.istioNamespace;
    const follow = (
      resource: Parameters<typeof Reflector.create>[0]['resource'],
      labelSelector: string | undefined,
      upsert: (object: KubeObject) => void,
      remove: (name: string) => void,
    ) =>
      Reflector.create({
        ...options,
        resource,
        selector: { namespace, labelSelector },
        handlers: {
          onUpsert: object => {
            upsert(object);
            options.onChange();
          },
          onDelete: key => {
            remove(key.split('/')[1]);
            options.onChange();
          },
          onState: () => options.onChange(),
        },
      });
    this.#configMaps = follow(
      READ_RESOURCES.configMaps,
      undefined,
      object => this.#readConfigMap(object),
      name => {
        this.#injectors.delete(name);
        this.#trust.delete(name);
      },
    );
    this.#deployments = follow(
      READ_RESOURCES.deployments,
      'app=istiod',
      object => {
        const facts = readIstiod(object);
        if (facts) this.#istiods.set(object.metadata.name, facts);
      },
      name => this.#istiods.delete(name),
    );
  }

  async run(signal: AbortSignal): Promise<void> {
    await Promise.all([
      this.#configMaps.run(signal),
      this.#deployments.run(signal),
    ]);
  }

  /** Both were listed: nothing that stands in the way is overlooked. */
  get isSynced(): boolean {
    return this.#configMaps.state.synced && this.#deployments.state.synced;
  }

  facts(): MeshFactsNow {
    return {
      istiods: [...this.#istiods.values()],
      injectors: [...this.#injectors.values()],
      trust: this.#trust,
    };
  }

  #readConfigMap(object: KubeObject): void {
    const { name } = object.metadata;
    const injector = readInjector(object);
    if (injector) this.#injectors.set(name, injector);
    const { mesh } = readConfigMap(object);
    if (mesh === undefined) this.#trust.delete(name);
    else this.#trust.set(name, trustDomainsOf(mesh));
  }
}
