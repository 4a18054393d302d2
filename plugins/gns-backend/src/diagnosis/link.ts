import {
  linkSchema,
  type Evidence,
  type Link,
  type LinkName,
} from '@isthmus/plugin-gns-common';
import type { Side } from './types';

/** What a link says of itself; {@link makeLink} adds its name. */
export interface Finding {
  readonly state: Link['state'];
  readonly reason: string;
  readonly parameters?: Link['parameters'];
  /** Plain English, one or two sentences. */
  readonly text: string;
  /** Absent when all is well. */
  readonly remedy?: string;
  readonly evidence?: readonly Evidence[];
}

export function makeLink(link: LinkName, finding: Finding): Link {
  return linkSchema.parse({
    link,
    state: finding.state,
    reason: finding.reason,
    parameters: finding.parameters ?? {},
    text: finding.text,
    remedy: finding.remedy ?? '',
    evidence: [...(finding.evidence ?? [])],
  });
}

/** Nothing can be said about a link before an earlier one is mended. */
export function earlierBroken(earlier: LinkName): Finding {
  return {
    state: 'unknown',
    reason: 'earlierBroken',
    parameters: { earlier },
    text: 'It is looked at once the links before it hold.',
  };
}

/** Something that a cluster's controller said, with the age of its word. */
export function reported(side: Side, what: string, found: string): Evidence {
  const at = side.observed?.lastReportAt;
  return { what, found, cluster: side.name, ...(at ? { at } : {}) };
}

/** Something that the hub itself decided. */
export function decided(
  what: string,
  found: string,
  cluster?: string,
): Evidence {
  return { what, found, ...(cluster === undefined ? {} : { cluster }) };
}
