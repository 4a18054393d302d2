/** One requirement of a Kubernetes label selector. */
interface Requirement {
  key: string;
  operator: 'in' | 'notin' | 'exists' | 'missing';
  values: string[];
}

const KEY = /^[A-Za-z0-9](?:[A-Za-z0-9._/-]{0,315}[A-Za-z0-9])?$/;
const VALUE = /^[A-Za-z0-9._-]{0,63}$/;
/* A comma inside parentheses belongs to its set. */
const SEPARATOR = /,(?![^(]*\))/;

/** Longest selector that is read, in characters. */
const MAX_LENGTH = 1000;

/**
 * Reads a selector in the syntax of kubectl: `app=shop,tier in (web, api),!canary`.
 * @returns undefined for what is none: it then selects nothing, never all
 */
export function parseLabelSelector(text: string): Requirement[] | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  const requirements: Requirement[] = [];
  for (const part of text.split(SEPARATOR).map(p => p.trim())) {
    const requirement = parseRequirement(part);
    if (!requirement) return undefined;
    requirements.push(requirement);
  }
  return requirements;
}

function parseRequirement(text: string): Requirement | undefined {
  const set = /^(\S+)\s+(in|notin)\s*\(([^()]*)\)$/.exec(text);
  if (set) {
    const values = set[3].split(',').map(v => v.trim());
    return checked(set[1], set[2] as 'in' | 'notin', values);
  }
  const equality = /^([^\s=!]+)\s*(=|==|!=)\s*([^\s=!]*)$/.exec(text);
  if (equality) {
    const [, key, sign, value] = equality;
    return checked(key, sign === '!=' ? 'notin' : 'in', [value]);
  }
  return text.startsWith('!')
    ? checked(text.slice(1).trim(), 'missing', [])
    : checked(text, 'exists', []);
}

function checked(
  key: string,
  operator: Requirement['operator'],
  values: string[],
): Requirement | undefined {
  return KEY.test(key) && values.every(v => VALUE.test(v))
    ? { key, operator, values }
    : undefined;
}

export function selects(
  requirements: readonly Requirement[],
  labels: Readonly<Record<string, string>>,
): boolean {
  return requirements.every(({ key, operator, values }) => {
    const has = Object.hasOwn(labels, key);
    switch (operator) {
      case 'exists':
        return has;
      case 'missing':
        return !has;
      case 'in':
        return has && values.includes(labels[key]);
      default:
        return !has || !values.includes(labels[key]);
    }
  });
}
