import type { NotificationSeverity } from '@backstage/plugin-notifications-common';

/** Something that its owners should know while it lasts. */
export interface Notice {
  /**
   * What it is about, the same for as long as it lasts: `cluster-silent:<id>`.
   * A second notification of one scope replaces the first.
   */
  readonly scope: string;
  /** Entity references of who is told; nobody: it is not sent. */
  readonly owners: readonly string[];
  /** It is told once it has lasted this long, milliseconds. */
  readonly afterMs: number;
  readonly severity: NotificationSeverity;
  readonly title: string;
  readonly description: string;
  /** Path in the portal. */
  readonly link: string;
  /** Heading under which the portal groups it. */
  readonly topic: string;
}

/**
 * Keeps what owners are told in step with what holds. Each area names all of
 * its notices each time; what it no longer names is over.
 */
export interface NoticeBoard {
  align(area: string, notices: readonly Notice[]): Promise<void>;
}
