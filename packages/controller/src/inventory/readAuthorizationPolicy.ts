import { z } from 'zod';
import { ForeignPolicy, foreignPolicySchema } from '@isthmus/plugin-gns-common';
import { KubeObject } from '../kube/KubeApi';
import { isOurs } from '../reconciler/ownership';
import { labelMap } from './shapes';

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

/** As it is told of, but for what its namespace adds. */
const policySchema = foreignPolicySchema.omit({ meshWide: true });
const ACTIONS = ['ALLOW', 'DENY', 'CUSTOM', 'AUDIT'] as const;

type Rules = ForeignPolicy['rules'];

function sourceOf(
  source: z.infer<typeof sourceShape> | null | undefined,
): Rules[number]['sources'][number] {
  const { principals, notPrincipals, namespaces, notNamespaces, ...rest } =
    source ?? {};
  const isGiven = (value: unknown) => Array.isArray(value) && value.length > 0;
  const known = { principals, notPrincipals, namespaces, notNamespaces };
  return {
    // Empty lists ask for nothing.
    ...Object.fromEntries(
      Object.entries(known).filter(([, value]) => isGiven(value)),
    ),
    more: Object.values(rest).some(isGiven),
  };
}

function rulesOf(rules: Spec['rules']): Rules {
  return (rules ?? []).map(rule => ({
    sources: (rule?.from ?? []).map(({ source }) => sourceOf(source)),
    more: (rule?.to ?? []).length > 0 || (rule?.when ?? []).length > 0,
  }));
}

/**
 * Undefined: it is ours. What is not understood, or is larger than the contract
 * has room for, is told of as opaque, never left out.
 */
export function readAuthorizationPolicy(
  object: KubeObject,
): AuthorizationPolicyRecord | undefined {
  if (isOurs(object)) return undefined;
  const { name } = object.metadata;
  const parsed = policyShape.safeParse(object);
  const spec: Spec = parsed.data?.spec ?? {};
  // An action that we do not know may refuse somebody, as DENY does.
  const action = parsed.success
    ? ACTIONS.find(a => a === (spec.action || 'ALLOW')) ?? 'DENY'
    : 'DENY';
  const selector = spec.selector?.matchLabels ?? {};
  const policy = {
    name,
    action,
    ...(Object.keys(selector).length > 0 ? { selector } : {}),
    opaque: false,
    rules: rulesOf(spec.rules),
  };
  const isJudged =
    parsed.success &&
    (spec.action || 'ALLOW') === action &&
    !spec.targetRef &&
    (spec.targetRefs ?? []).length === 0 &&
    policySchema.safeParse(policy).success;
  return {
    namespace: object.metadata.namespace ?? '',
    policy: isJudged ? policy : { name, action, opaque: true, rules: [] },
  };
}
