import { ServiceUnavailableError } from '@backstage/errors';

/** Why an authority cannot sign; the reasons of the condition `AuthorityReady`. */
export type UnavailableReason =
  /** No key is configured, or a configured one is unreadable. */
  | 'KeyMissing'
  /** Production, and the key is known to others. */
  | 'DevelopmentKey'
  /** The protector does not answer, or says that it is not healthy. */
  | 'KeyUnavailable'
  /** The configured keys do not open what is stored. */
  | 'KeyWrong'
  /** The hub knows that there was a root, and has none. */
  | 'RootLost'
  /** Clusters know an authority of this name that the hub does not know. */
  | 'KnownElsewhere'
  /** The hub made no root yet. */
  | 'NotCreated'
  /** The root's life is over. */
  | 'RootExpired';

/**
 * 503: this authority does not sign now. The message ends with the remedy and
 * holds no secret: it takes no cause, whose text others wrote.
 */
export class AuthorityUnavailableError extends ServiceUnavailableError {
  constructor(readonly reason: UnavailableReason, message: string) {
    super(message);
  }
}

/** What may be told of an error that others made: its name, for people who look further. */
export function kindOfError(error: unknown): string {
  const name = error instanceof Error ? error.name : typeof error;
  return /^[A-Za-z]{1,60}$/.test(name) ? name : 'Error';
}
