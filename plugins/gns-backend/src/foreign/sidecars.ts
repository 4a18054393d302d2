import type { ForeignSidecar } from '@isthmus/plugin-gns-common';
import {
  isSelected,
  matchesHost,
  type At,
  type Match,
  type Pods,
} from './selection';

/* What Sidecars of others keep from callers, as istiod decides it (pilot/pkg/model/sidecar.go). Pure. */

/** Whether one listener brings the host of an entry in that namespace. */
function imports(
  hosts: readonly string[],
  entry: { host: string; namespace: string },
  own: string,
): boolean {
  const forEntry = hosts.flatMap(written => {
    const slash = written.indexOf('/');
    const namespace = slash < 0 ? '*' : written.slice(0, slash);
    const pattern = written.slice(slash + 1);
    const here = namespace === '.' ? own : namespace;
    return here === '*' || here === entry.namespace ? [pattern] : [];
  });
  const excluded = forEntry.some(
    p => p.startsWith('~') && matchesHost(p.slice(1), entry.host),
  );
  return !excluded && forEntry.some(p => matchesHost(p, entry.host));
}

function isVisible(
  { opaque, egress }: ForeignSidecar,
  entry: { host: string; namespace: string },
  caller: { namespace: string; port: number | null },
): Match {
  if (opaque) return 'maybe';
  if (egress.length === 0) return 'yes';
  const bringing = egress.filter(listener =>
    imports(listener.hosts, entry, caller.namespace),
  );
  if (bringing.some(l => l.port === undefined)) return 'yes';
  if (bringing.length === 0) return 'no';
  if (caller.port === null) return 'maybe';
  return bringing.some(l => l.port === caller.port) ? 'yes' : 'no';
}

/** Whether proxies of a caller hear of a host; `by`: the Sidecar that decides, if one does. */
export interface Visibility {
  readonly seen: Match;
  readonly by?: At<ForeignSidecar>;
}

/**
 * The first Sidecar of the namespace that is for the pods decides, else the
 * one of the root namespace that is for all.
 *
 * @param sidecars - of the caller's namespace, then those of the root namespace; each in Istio's order
 */
export function visibilityOf(
  sidecars: readonly At<ForeignSidecar>[],
  entry: { host: string; namespace: string },
  caller: { namespace: string; port: number | null; pods: Pods },
): Visibility {
  let doubt: Visibility | undefined;
  for (const sidecar of sidecars) {
    const { object, at } = sidecar;
    if (at !== caller.namespace && object.selector) continue;
    const applies = isSelected(object, caller.pods);
    if (applies === 'no') continue;
    const seen = isVisible(object, entry, caller);
    if (applies === 'yes') {
      // Whichever of them counts, it says the same.
      if (!doubt || doubt.seen === seen) return { seen, by: sidecar };
      return { ...doubt, seen: 'maybe' };
    }
    if (doubt && doubt.seen !== seen) return { ...doubt, seen: 'maybe' };
    doubt ??= { seen, by: sidecar };
  }
  // For some pods none counts.
  if (doubt && doubt.seen !== 'yes') return { ...doubt, seen: 'maybe' };
  return doubt ?? { seen: 'yes' };
}
