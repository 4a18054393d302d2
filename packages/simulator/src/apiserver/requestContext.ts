import type { TokenAuthenticator } from './authentication';
import type { RbacAuthorizer } from './authorization';
import type { Faults } from './faults';
import type { GarbageCollector } from './garbageCollector';
import type { Lists } from './lists';
import type { ResourceRegistry } from './registry';
import type { ObjectStore } from './store';
import type { Watches } from './watches';

/** One request that the server answered or is answering. */
export interface SeenRequest {
  verb: string;
  method: string;
  path: string;
  query: string;
  user: string;
}

/** The parts of a server that requests are answered from. */
export interface RequestContext {
  store: ObjectStore;
  registry: ResourceRegistry;
  lists: Lists;
  watches: Watches;
  faults: Faults;
  collector: GarbageCollector;
  authenticator: TokenAuthenticator;
  authorizer: RbacAuthorizer;
  /** Watches from a compacted version get HTTP 410 instead of an event. */
  goneAsStatus: () => boolean;
  onRequest: (request: SeenRequest) => void;
}
