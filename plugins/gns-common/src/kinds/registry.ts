import { API_VERSION } from '../names';
import { showValue, type Problem } from '../problems';
import { globalNamespaceKind, type GlobalNamespace } from './GlobalNamespace';
import type { Definition, KindDescriptor } from './kind';
import { problemsOfIssues } from './problemsOfIssues';
import {
  serviceLevelObjectiveKind,
  type ServiceLevelObjective,
} from './ServiceLevelObjective';

/** Every definition that a supported kind can have. */
export type KnownDefinition = GlobalNamespace | ServiceLevelObjective;

/**
 * Supported kinds, in the order in which the portal lists them. The one cast
 * of the registry: descriptors are heterogeneous in their spec.
 */
const supported: ReadonlyMap<string, KindDescriptor> = new Map(
  [globalNamespaceKind, serviceLevelObjectiveKind].map(kind => [
    kind.kind,
    kind as unknown as KindDescriptor,
  ]),
);

/** Kinds of the design that are not built yet: refused by name, not as unknown. */
export const PLANNED_KINDS = [
  'ServiceGroup',
  'TrafficRoute',
  'AccessPolicy',
  'PublicService',
  'ExternalService',
  'Autoscaler',
] as const;

/** The descriptor of a supported kind. */
export function findKind(kind: string): KindDescriptor | undefined {
  return supported.get(kind);
}

/** All supported kinds. */
export function supportedKinds(): KindDescriptor[] {
  return [...supported.values()];
}

/** A parsed definition, or everything that is wrong with it. */
export type ParsedDefinition =
  | { ok: true; definition: Definition; warnings: Problem[] }
  | { ok: false; problems: Problem[] };

function refuse(problem: Omit<Problem, 'severity'>): ParsedDefinition {
  return { ok: false, problems: [{ severity: 'error', ...problem }] };
}

/**
 * Parses an untrusted value into a definition with all defaults filled in.
 * Never throws for bad input: every problem has a path, the value and a remedy.
 */
export function parseDefinition(value: unknown): ParsedDefinition {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return refuse({
      code: 'not-an-object',
      path: '',
      value: showValue(value),
      message:
        'A definition is an object with apiVersion, kind, metadata and spec.',
      remedy: 'Send one document of this shape.',
    });
  }
  const document = value as Record<string, unknown>;
  if (document.apiVersion !== API_VERSION) {
    return refuse({
      code: 'unknown-version',
      path: 'apiVersion',
      value: showValue(document.apiVersion),
      message: 'The apiVersion is not known.',
      remedy: `Write apiVersion: ${API_VERSION}.`,
    });
  }
  const kind =
    typeof document.kind === 'string' ? findKind(document.kind) : undefined;
  if (!kind) {
    const planned = PLANNED_KINDS.find(k => k === document.kind);
    const known = supportedKinds().map(k => k.kind);
    return refuse({
      code: planned ? 'not-supported-yet' : 'unknown-kind',
      path: 'kind',
      value: showValue(document.kind),
      message: planned
        ? `The kind ${planned} is not supported yet.`
        : 'The kind is not known.',
      remedy: `Supported today: ${known.join(', ')}.`,
    });
  }
  const parsed = kind.schema.safeParse(value);
  if (!parsed.success) {
    return {
      ok: false,
      problems: problemsOfIssues(parsed.error.issues, value),
    };
  }
  const found = kind.check?.(parsed.data) ?? [];
  if (found.some(p => p.severity === 'error')) {
    return { ok: false, problems: found };
  }
  return { ok: true, definition: parsed.data, warnings: found };
}
