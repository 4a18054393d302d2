import { z } from 'zod';
import { isDomain, SERVICE_LABEL, DNS_LABEL } from '../dns';
import { API_VERSION } from '../names';
import { showValue, type Problem } from '../problems';
import type { Definition, KindDescriptor } from './kind';
import { matcherSchema, matches, type Matcher } from './matcher';
import { globalMetadataSchema } from './metadata';

const ALL: Matcher = { prefix: '' };

/** Who belongs: the AND of its parts; the list of members is their OR. */
export const globalNamespaceMemberSchema = z.strictObject({
  clusters: matcherSchema
    .default(ALL)
    .describe('The member clusters; all where it is left out.'),
  namespaces: matcherSchema.describe('The Kubernetes namespaces in them.'),
  services: matcherSchema
    .default(ALL)
    .describe('The Services in those; all where it is left out.'),
});

/** `1h`, `30m`, `24h`: whole hours or minutes, 10 minutes to 24 hours. */
const leafTtlSchema = z
  .string()
  .regex(/^[1-9][0-9]{0,3}(m|h)$/, 'is no life time: write 30m or 1h')
  .refine(text => {
    const minutes = Number(text.slice(0, -1)) * (text.endsWith('h') ? 60 : 1);
    return minutes >= 10 && minutes <= 24 * 60;
  }, 'is out of range: write a time from 10m to 24h');

/** The global host label of one service, where its own name is taken or unwanted. */
const hostnameSchema = z.strictObject({
  cluster: z
    .string()
    .regex(DNS_LABEL, 'is no cluster name: use a-z, 0-9 and -, at most 63')
    .optional()
    .describe('Only in this member cluster; absent: in all.'),
  namespace: z
    .string()
    .regex(DNS_LABEL, 'is no namespace name: use a-z, 0-9 and -, at most 63')
    .describe('The Kubernetes namespace of the Service.'),
  service: z
    .string()
    .regex(
      SERVICE_LABEL,
      'is no service name: use a-z, 0-9 and -, at most 63, starting with a letter',
    )
    .describe('The Kubernetes Service that shall answer to the other name.'),
  hostname: z
    .string()
    .regex(
      SERVICE_LABEL,
      'is no host label: use a-z, 0-9 and -, at most 63, starting with a letter, no dot',
    )
    .describe('Becomes `<hostname>.<domain>`.'),
});

export const globalNamespaceSpecSchema = z.strictObject({
  domain: z
    .string()
    .max(
      189,
      'is too long: use at most 189 characters, so that a service name fits before it',
    )
    .refine(isDomain, {
      message:
        'is no DNS domain: write at least two lower-case labels of a-z, 0-9 and -, the last not a number, as in shop.gns.internal',
    })
    .describe(
      'The DNS domain: members call <service>.<domain>. It does not change.',
    ),
  publicDomain: z
    .boolean()
    .default(false)
    .describe(
      'Says that the domain ends in a suffix under which the public can register names, and that this is meant: members then resolve these names to the mesh, not to the internet.',
    ),
  members: z
    .array(globalNamespaceMemberSchema)
    .max(200)
    .default([])
    .describe(
      'Who belongs: an entry is the AND of its parts, the list the OR of its entries.',
    ),
  mtls: z
    .enum(['strict', 'permissive'])
    .default('strict')
    .describe(
      'strict: calls without mTLS are refused. permissive: plaintext is answered too, while services move in.',
    ),
  authority: z
    .strictObject({
      mode: z
        .enum(['dedicated', 'mesh'])
        .default('mesh')
        .describe(
          "`mesh`: identities of Istio's own CA. `dedicated`: a CA of this global namespace.",
        ),
      trustDomain: z
        .enum(['mesh', 'own'])
        .default('mesh')
        .describe(
          'mesh: the trust domain that Istio has. own: the domain of this global namespace; every istiod must list it.',
        ),
      leafTtl: leafTtlSchema
        .default('1h')
        .describe(
          'Life of a workload certificate; it is renewed at half of it.',
        ),
      restart: z
        .enum(['manual', 'rolling'])
        .optional()
        .describe(
          'Who restarts pods that have to start anew to join or leave the authority. rolling: the controllers, one at a time. Absent or manual: people.',
        ),
    })
    .default({ mode: 'mesh', trustDomain: 'mesh', leafTtl: '1h' }),
  hostnames: z
    .array(hostnameSchema)
    .max(1000)
    .default([])
    .describe(
      'Other host labels for single services, where two of one name meet.',
    ),
});

export type GlobalNamespaceSpec = z.infer<typeof globalNamespaceSpecSchema>;
export type GlobalNamespace = Definition<
  'GlobalNamespace',
  GlobalNamespaceSpec
>;
export type GlobalNamespaceMember = GlobalNamespaceSpec['members'][number];

/** Top-level names that no public resolver answers or that are reserved for such use. */
const RESERVED_DOMAINS: Record<string, string> = {
  'cluster.local': 'it is the domain of Kubernetes itself',
  localhost: 'names below localhost never leave a machine',
  arpa: 'it is the domain of reverse look-ups',
};

function check({ metadata, spec }: GlobalNamespace): Problem[] {
  const problems: Problem[] = [];
  for (const [reserved, why] of Object.entries(RESERVED_DOMAINS)) {
    if (spec.domain === reserved || spec.domain.endsWith(`.${reserved}`)) {
      problems.push({
        severity: 'error',
        code: 'domain-reserved',
        path: 'spec.domain',
        value: showValue(spec.domain),
        message: `The domain lies in ${reserved}: ${why}.`,
        remedy: `Choose another domain, for example ${metadata.name}.gns.internal.`,
      });
    }
  }
  if (spec.authority.trustDomain === 'own' && spec.authority.mode === 'mesh') {
    problems.push({
      severity: 'error',
      code: 'trust-domain-needs-own-authority',
      path: 'spec.authority.trustDomain',
      value: showValue('own'),
      message:
        'A trust domain of its own needs a certificate authority of its own.',
      remedy: 'Set authority.mode: dedicated, or trustDomain: mesh.',
    });
  }
  const seen = new Map<string, number>();
  spec.hostnames.forEach((entry, index) => {
    const key = `${entry.cluster ?? '*'}/${entry.namespace}/${entry.service}`;
    const before = seen.get(key);
    if (before !== undefined) {
      problems.push({
        severity: 'error',
        code: 'hostname-twice',
        path: `spec.hostnames[${index}]`,
        value: showValue(entry),
        message: `The same service has a host name already, in spec.hostnames[${before}].`,
        remedy: 'Remove one of the two entries.',
      });
    }
    seen.set(key, index);
  });
  return problems;
}

function checkChange(
  previous: GlobalNamespace,
  next: GlobalNamespace,
): Problem[] {
  const problems: Problem[] = [];
  if (previous.spec.domain !== next.spec.domain) {
    problems.push({
      severity: 'error',
      code: 'immutable',
      path: 'spec.domain',
      value: showValue(next.spec.domain),
      message: `The domain does not change once used: it is ${previous.spec.domain}.`,
      remedy:
        'Create a second global namespace with the new domain, move the callers, then delete this one.',
    });
  }
  if (previous.spec.authority.trustDomain !== next.spec.authority.trustDomain) {
    problems.push({
      severity: 'error',
      code: 'immutable',
      path: 'spec.authority.trustDomain',
      value: showValue(next.spec.authority.trustDomain),
      message: `The trust domain does not change once used: it is ${previous.spec.authority.trustDomain}.`,
      remedy: 'Create a second global namespace with the other trust domain.',
    });
  }
  return problems;
}

export const globalNamespaceKind: KindDescriptor<
  'GlobalNamespace',
  GlobalNamespaceSpec
> = {
  kind: 'GlobalNamespace',
  scope: 'global',
  summary:
    'An isolated domain that joins services of many clusters under names of its own.',
  schema: z.strictObject({
    apiVersion: z.literal(API_VERSION),
    kind: z.literal('GlobalNamespace'),
    metadata: globalMetadataSchema,
    spec: globalNamespaceSpecSchema,
  }),
  check,
  checkChange,
};

/** The host label that a service gets in its global namespace: its override, else its own name. */
export function hostLabel(
  spec: GlobalNamespaceSpec,
  cluster: string,
  namespace: string,
  service: string,
): string {
  const of = (wanted: string | undefined) =>
    spec.hostnames.find(
      h =>
        h.cluster === wanted &&
        h.namespace === namespace &&
        h.service === service,
    );
  return (of(cluster) ?? of(undefined))?.hostname ?? service;
}

/** The member entries that choose this namespace of this cluster; empty: it is no member. */
export function matchingMembers(
  spec: GlobalNamespaceSpec,
  cluster: { name: string; labels?: Record<string, string> },
  namespace: { name: string; labels?: Record<string, string> },
): GlobalNamespaceMember[] {
  return spec.members.filter(
    member =>
      matches(member.clusters, cluster) &&
      matches(member.namespaces, namespace),
  );
}
