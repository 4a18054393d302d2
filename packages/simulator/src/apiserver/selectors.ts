import type { KubernetesObject } from './objects';
import type { ResourceType } from './resources';
import { badRequest } from './statusErrors';

type Requirement = (labels: Record<string, string>) => boolean;

/** Decides whether an object is selected. */
export type ObjectFilter = (object: KubernetesObject) => boolean;

const KEY = '[A-Za-z0-9]([-A-Za-z0-9_./]*[A-Za-z0-9])?';
const SET_BASED = new RegExp(`^(${KEY})\\s+(in|notin)\\s*\\(([^()]*)\\)$`);
const EQUALITY = new RegExp(`^(${KEY})\\s*(==|=|!=)\\s*(\\S*)$`);
const EXISTS = new RegExp(`^(!?)\\s*(${KEY})$`);

/** Splits at commas that are not inside parentheses. */
function splitRequirements(selector: string): string[] {
  return selector
    .split(/,(?![^(]*\))/)
    .map(part => part.trim())
    .filter(part => part !== '');
}

function parseRequirement(text: string): Requirement {
  const set = SET_BASED.exec(text);
  if (set) {
    const [, key, , operator, list] = set;
    const values = new Set(list.split(',').map(value => value.trim()));
    return operator === 'in'
      ? labels => labels[key] !== undefined && values.has(labels[key])
      : labels => labels[key] === undefined || !values.has(labels[key]);
  }
  const equality = EQUALITY.exec(text);
  if (equality) {
    const [, key, , operator, value] = equality;
    return operator === '!='
      ? labels => labels[key] !== value
      : labels => labels[key] === value;
  }
  const exists = EXISTS.exec(text);
  if (exists) {
    const [, not, key] = exists;
    return not
      ? labels => labels[key] === undefined
      : labels => labels[key] !== undefined;
  }
  const found = text.split(/\s+/)[1] ?? text;
  throw badRequest(
    `unable to parse requirement: found '${found}', expected: in, notin, =, ==, !=, gt, lt`,
  );
}

/** Parses a `labelSelector`, equality and set based. */
export function parseLabelSelector(selector: string): ObjectFilter {
  const requirements = splitRequirements(selector).map(parseRequirement);
  return object => {
    const labels = object.metadata.labels ?? {};
    return requirements.every(fits => fits(labels));
  };
}

/** Field selectors that kinds know beyond name and namespace. */
const EXTRA_FIELDS: Record<string, readonly string[]> = {
  Pod: [
    'spec.nodeName',
    'status.phase',
    'spec.serviceAccountName',
    'status.podIP',
  ],
  Event: [
    'involvedObject.kind',
    'involvedObject.name',
    'involvedObject.namespace',
    'involvedObject.uid',
    'reason',
    'type',
  ],
  Namespace: ['status.phase'],
  Secret: ['type'],
  Node: ['spec.unschedulable'],
};

function fieldValue(object: unknown, path: string): string {
  let value: unknown = object;
  for (const step of path.split('.')) {
    value =
      typeof value === 'object' && value !== null
        ? (value as Record<string, unknown>)[step]
        : undefined;
  }
  return value === undefined || value === null ? '' : String(value);
}

/** Parses a `fieldSelector` for the fields that the resource type knows. */
export function parseFieldSelector(
  selector: string,
  type: ResourceType,
): ObjectFilter {
  const known = [
    'metadata.name',
    ...(type.namespaced ? ['metadata.namespace'] : []),
  ];
  const extra = type.group === '' ? EXTRA_FIELDS[type.kind] ?? [] : [];
  const requirements = splitRequirements(selector).map(text => {
    const match = /^([^=!]+)(==|=|!=)(.*)$/.exec(text);
    if (!match) {
      throw badRequest(
        `invalid selector: '${text}'; can't understand '${text}'`,
      );
    }
    const [, field, operator, value] = match;
    if (!known.includes(field) && !extra.includes(field)) {
      throw badRequest(
        `"${field}" is not a known field selector: only ${known
          .map(name => JSON.stringify(name))
          .join(', ')}`,
      );
    }
    return { field, equal: operator !== '!=', value };
  });
  return object =>
    requirements.every(
      ({ field, equal, value }) =>
        (fieldValue(object, field) === value) === equal,
    );
}
