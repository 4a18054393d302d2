import { z } from 'zod';
import { ForeignPolicy } from '@isthmus/plugin-gns-common';
import { KubeObject } from '../kube/KubeApi';
import { isOurs } from '../reconciler/ownership';
import { labelMap } from './shapes';

/** Bounds of the contract: what is larger is told of, and not judged. */
const MOST_RULES = 50;
const MOST_SOURCES = 20;
const MOST_PATTERNS = 50;
const LONGEST_PATTERN = 500;

/** An AuthorizationPolicy of somebody else, in its namespace. */
export interface AuthorizationPolicyRecord {
  namespace: string;
  policy: Omit<ForeignPolicy, 'meshWide'>;
}

const texts = z.array(z.string()).nullish();
const present = z.array(z.unknown()).nullish();
const sourceShape = z.looseObject({
  principals: texts,
  notPrincipals: texts,
  namespaces: texts,
  notNamespaces: texts,
});
const specShape = z.looseObject({
  action: z.string().nullish(),
  selector: z.looseObject({ matchLabels: labelMap }).nullish(),
  targetRef: z.looseObject({}).nullish(),
  targetRefs: present,
  rules: z
    .array(
      z
        .looseObject({
          from: z
            .array(z.looseObject({ source: sourceShape.nullish() }))
            .nullish(),
          to: present,
          when: present,
        })
        .nullish(),
    )
    .nullish(),
});
const policyShape = z.looseObject({ spec: specShape.nullish() });
type Spec = z.infer<typeof specShape>;

const ACTIONS = ['ALLOW', 'DENY', 'CUSTOM', 'AUDIT'] as const;
const KNOWN = ['principals', 'notPrincipals', 'namespaces', 'notNamespaces'];

type Source = ForeignPolicy['rules'][number]['sources'][number];

/** What the contract has no place for. */
class TooLarge extends Error {}

function patternsOf(list: string[] | null | undefined): string[] | undefined {
  if (!list || list.length === 0) return undefined;
  if (
    list.length > MOST_PATTERNS ||
    list.some(text => text.length > LONGEST_PATTERN)
  ) {
    throw new TooLarge();
  }
  return list;
}

function sourceOf(
  source: z.infer<typeof sourceShape> | null | undefined,
): Source {
  const { principals, notPrincipals, namespaces, notNamespaces, ...rest } =
    source ?? {};
  const read = {
    principals: patternsOf(principals),
    notPrincipals: patternsOf(notPrincipals),
    namespaces: patternsOf(namespaces),
    notNamespaces: patternsOf(notNamespaces),
  };
  return {
    ...Object.fromEntries(
      KNOWN.flatMap(key => {
        const value = read[key as keyof typeof read];
        return value ? [[key, value]] : [];
      }),
    ),
    more: Object.values(rest).some(
      value => Array.isArray(value) && value.length > 0,
    ),
  };
}

function rulesOf(rules: Spec['rules']): ForeignPolicy['rules'] {
  if ((rules ?? []).length > MOST_RULES) throw new TooLarge();
  return (rules ?? []).map(rule => {
    const sources = rule?.from ?? [];
    if (sources.length > MOST_SOURCES) throw new TooLarge();
    return {
      sources: sources.map(({ source }) => sourceOf(source)),
      more: (rule?.to ?? []).length > 0 || (rule?.when ?? []).length > 0,
    };
  });
}

/** Undefined: it is ours. What is not understood is told of as opaque, never left out. */
export function readAuthorizationPolicy(
  object: KubeObject,
): AuthorizationPolicyRecord | undefined {
  if (isOurs(object)) return undefined;
  const namespace = object.metadata.namespace ?? '';
  const { name } = object.metadata;
  const opaque = (action: ForeignPolicy['action']) => ({
    namespace,
    policy: { name, action, opaque: true, rules: [] },
  });
  const parsed = policyShape.safeParse(object);
  // Whatever it does, it may refuse somebody.
  if (!parsed.success) return opaque('DENY');
  const spec: Spec = parsed.data.spec ?? {};
  const action = ACTIONS.find(a => a === (spec.action || 'ALLOW'));
  if (!action) return opaque('DENY');
  if (spec.targetRef || (spec.targetRefs ?? []).length > 0) {
    return opaque(action);
  }
  const selector = spec.selector?.matchLabels ?? {};
  try {
    return {
      namespace,
      policy: {
        name,
        action,
        ...(Object.keys(selector).length > 0 ? { selector } : {}),
        opaque: false,
        rules: rulesOf(spec.rules),
      },
    };
  } catch (error) {
    if (error instanceof TooLarge) return opaque(action);
    throw error;
  }
}
