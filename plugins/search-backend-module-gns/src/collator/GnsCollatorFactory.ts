import type { DocumentCollatorFactory } from '@backstage/plugin-search-common';
import {
  gnsDefinitionReadPermission,
  type GnsClient,
} from '@isthmus/plugin-gns-common';
import { Readable } from 'node:stream';
import {
  DOCUMENT_TYPE,
  toGnsDocument,
  toServiceDocument,
  type GnsDocument,
} from './documents';

type Hub = Pick<GnsClient, 'listGlobalNamespaces' | 'allServices'>;

/**
 * Reads all global namespaces and services of the hub. A reading that fails
 * fails the run: search then keeps its last index.
 */
export class GnsCollatorFactory implements DocumentCollatorFactory {
  readonly type = DOCUMENT_TYPE;
  readonly visibilityPermission = gnsDefinitionReadPermission;
  readonly #hub: Hub;

  static create(options: { hub: Hub }) {
    return new GnsCollatorFactory(options.hub);
  }

  private constructor(hub: Hub) {
    this.#hub = hub;
  }

  async getCollator(): Promise<Readable> {
    return Readable.from(this.#documents());
  }

  async *#documents(): AsyncGenerator<GnsDocument> {
    const { items } = await this.#hub.listGlobalNamespaces();
    const services = await this.#hub.allServices();
    for (const gns of items) {
      const own = services.filter(s => s.gns === gns.name);
      yield toGnsDocument(gns, own);
      yield* own.map(toServiceDocument);
    }
  }
}
