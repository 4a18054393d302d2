import {
  describeMatcher,
  formatRef,
  isWithinDomain,
  matches,
  refOf,
  showValue,
  type Problem,
} from '@isthmus/plugin-gns-common';
import { parse } from 'tldts';
import { byNamespace } from './inventoryIndex';
import { chooseNamespaces } from './membership';
import { RESERVED_NAMESPACES } from './reservedNamespaces';
import { listNames } from './statement';
import type { ClusterView, VersionedGlobalNamespace } from './types';

/** Definitions as they would be after a change, and what to check of them. */
export interface DefinitionCheck {
  /** All definitions: stored ones and changed ones, deleted ones left out. */
  readonly definitions: readonly VersionedGlobalNamespace[];
  /** Names of the definitions that change; only these are checked. */
  readonly changed: ReadonlySet<string>;
  readonly clusters: readonly ClusterView[];
}

type Subject = VersionedGlobalNamespace['definition'];

/** Checks definitions against each other and against the known clusters. */
export function checkDefinitions(input: DefinitionCheck): Problem[] {
  const clusters = input.clusters.filter(c => !c.leaving);
  return input.definitions
    .filter(d => input.changed.has(d.definition.metadata.name))
    .flatMap(subject => {
      const { definition } = subject;
      // Of two changed definitions that clash, the newer one is told.
      const others = input.definitions
        .filter(
          other =>
            other.definition.metadata.name !== definition.metadata.name &&
            (!input.changed.has(other.definition.metadata.name) ||
              other.createdOrder < subject.createdOrder ||
              (other.createdOrder === subject.createdOrder &&
                other.definition.metadata.name < definition.metadata.name)),
        )
        .map(d => d.definition);
      return [
        ...domainProblems(definition, others),
        ...publicSuffixProblems(definition),
        ...reservedProblems(definition),
        ...overlapProblems(definition, others, clusters),
        ...emptyMatchers(definition, clusters),
        ...unusedHostnames(definition, clusters),
      ].map(problem => ({
        ...problem,
        definition: formatRef(refOf(definition)),
      }));
    });
}

function domainProblems(
  definition: Subject,
  others: readonly Subject[],
): Problem[] {
  const { domain } = definition.spec;
  const problems: Problem[] = [];
  for (const other of others) {
    const theirs = other.spec.domain;
    const name = other.metadata.name;
    const at = {
      severity: 'error' as const,
      path: 'spec.domain',
      value: showValue(domain),
    };
    if (domain === theirs) {
      problems.push({
        ...at,
        code: 'domain-taken',
        message: `The domain belongs to the global namespace ${name}.`,
        remedy: 'Choose another domain; every global namespace has its own.',
      });
    } else if (isWithinDomain(domain, theirs)) {
      problems.push({
        ...at,
        code: 'domain-nested',
        message: `The domain lies inside ${theirs}, the domain of the global namespace ${name}.`,
        remedy: `Choose a domain beside it, not below it: domains do not nest.`,
      });
    } else if (isWithinDomain(theirs, domain)) {
      problems.push({
        ...at,
        code: 'domain-contains',
        message: `The domain contains ${theirs}, the domain of the global namespace ${name}.`,
        remedy: `Choose a domain that is not above it: domains do not nest.`,
      });
    }
  }
  return problems;
}

function publicSuffixProblems({ spec }: Subject): Problem[] {
  if (spec.publicDomain) return [];
  const parsed = parse(spec.domain, { allowPrivateDomains: false });
  if (!parsed.isIcann) return [];
  return [
    {
      severity: 'error',
      code: 'domain-public',
      path: 'spec.domain',
      value: showValue(spec.domain),
      message: `The domain ends in the public suffix .${parsed.publicSuffix}: its names may exist on the internet, and members would reach the mesh instead.`,
      remedy:
        'Use a private domain, for example one ending in .internal, or set spec.publicDomain: true if you own it and mean it.',
    },
  ];
}

function reservedProblems({ spec }: Subject): Problem[] {
  return spec.members.flatMap((member, i) =>
    'names' in member.namespaces
      ? member.namespaces.names.flatMap((name, j) =>
          RESERVED_NAMESPACES.has(name)
            ? [
                {
                  severity: 'error' as const,
                  code: 'namespace-reserved',
                  path: `spec.members[${i}].namespaces.names[${j}]`,
                  value: showValue(name),
                  message: `The namespace ${name} cannot be a member: policies in it would hold for the whole mesh or cluster.`,
                  remedy: 'Move the services to a namespace of their own.',
                },
              ]
            : [],
        )
      : [],
  );
}

function overlapProblems(
  definition: Subject,
  others: readonly Subject[],
  clusters: readonly ClusterView[],
): Problem[] {
  const taken = new Map<string, string>();
  for (const other of others) {
    for (const cluster of clusters) {
      for (const { namespace } of chooseNamespaces(other, cluster)) {
        const key = `${cluster.id}/${namespace.name}`;
        if (!taken.has(key)) taken.set(key, other.metadata.name);
      }
    }
  }
  return definition.spec.members.flatMap((member, index): Problem[] => {
    const clashes = new Map<string, string[]>();
    const only = {
      ...definition,
      spec: { ...definition.spec, members: [member] },
    };
    for (const cluster of clusters) {
      for (const { namespace } of chooseNamespaces(only, cluster)) {
        const owner = taken.get(`${cluster.id}/${namespace.name}`);
        if (owner === undefined) continue;
        const list = clashes.get(owner) ?? [];
        list.push(`${cluster.name}/${namespace.name}`);
        clashes.set(owner, list);
      }
    }
    return [...clashes].map(([owner, list]) => ({
      severity: 'error',
      code: 'members-overlap',
      path: `spec.members[${index}].namespaces`,
      value: showValue(member.namespaces),
      message: `${listNames(list)} would be in ${
        definition.metadata.name
      } and in ${owner}, which has it already; a namespace belongs to one global namespace.`,
      remedy: `Choose namespaces or clusters that ${owner} does not, or remove them from ${owner} first.`,
    }));
  });
}

function emptyMatchers(
  { spec }: Subject,
  clusters: readonly ClusterView[],
): Problem[] {
  const warning = (
    path: string,
    value: unknown,
    message: string,
    remedy: string,
  ): Problem => ({
    severity: 'warning',
    code: 'matches-nothing',
    path,
    value: showValue(value),
    message,
    remedy,
  });
  return spec.members.flatMap((member, index): Problem[] => {
    const path = `spec.members[${index}]`;
    const chosen = clusters.filter(c => matches(member.clusters, c));
    if (chosen.length === 0) {
      return [
        warning(
          `${path}.clusters`,
          member.clusters,
          `No known cluster matches ${describeMatcher(member.clusters)}.`,
          clusters.length > 0
            ? `Correct it; known clusters: ${listNames(
                clusters.map(c => c.name),
              )}.`
            : 'Connect the clusters; the definition takes effect when they report.',
        ),
      ];
    }
    // What a silent cluster has is unknown, not nothing.
    if (chosen.some(c => c.inventory.marks.namespaces !== 'complete')) {
      return [];
    }
    const names = listNames(chosen.map(c => c.name));
    const namespaces = chosen.flatMap(cluster =>
      cluster.inventory.namespaces
        .filter(n => matches(member.namespaces, n))
        .map(namespace => ({ cluster, namespace })),
    );
    const absent =
      'names' in member.namespaces
        ? member.namespaces.names
            .map((name, j) => ({ name, j }))
            .filter(
              ({ name }) => !namespaces.some(n => n.namespace.name === name),
            )
        : [];
    if (absent.length > 0) {
      return absent.map(({ name, j }) =>
        warning(
          `${path}.namespaces.names[${j}]`,
          name,
          `No namespace ${name} exists in ${names}.`,
          'Correct the name, or create the namespace; it joins when it appears.',
        ),
      );
    }
    if (namespaces.length === 0) {
      return [
        warning(
          `${path}.namespaces`,
          member.namespaces,
          `No namespace of ${names} matches ${describeMatcher(
            member.namespaces,
          )}.`,
          'Correct the matcher, or create the namespace; it joins when it appears.',
        ),
      ];
    }
    if (chosen.some(c => c.inventory.marks.services !== 'complete')) return [];
    const all = 'prefix' in member.services && member.services.prefix === '';
    const found =
      all ||
      namespaces.some(({ cluster, namespace }) =>
        (
          byNamespace(cluster.inventory.services).get(namespace.name) ?? []
        ).some(s => matches(member.services, s)),
      );
    return found
      ? []
      : [
          warning(
            `${path}.services`,
            member.services,
            `No service of the chosen namespaces matches ${describeMatcher(
              member.services,
            )}.`,
            'Correct the matcher, or create the service; it joins when it appears.',
          ),
        ];
  });
}

function unusedHostnames(
  definition: Subject,
  clusters: readonly ClusterView[],
): Problem[] {
  if (clusters.some(c => c.inventory.marks.services !== 'complete')) return [];
  const members = clusters.flatMap(cluster =>
    chooseNamespaces(definition, cluster).map(chosen => ({
      chosen,
      services: byNamespace(cluster.inventory.services).get(
        chosen.namespace.name,
      ),
    })),
  );
  return definition.spec.hostnames.flatMap((entry, index): Problem[] => {
    const used = members.some(
      ({ chosen, services }) =>
        (entry.cluster === undefined ||
          entry.cluster === chosen.cluster.name) &&
        chosen.namespace.name === entry.namespace &&
        services?.some(
          s =>
            s.name === entry.service &&
            chosen.services.some(m => matches(m, s)),
        ),
    );
    return used
      ? []
      : [
          {
            severity: 'warning',
            code: 'hostname-unused',
            path: `spec.hostnames[${index}]`,
            value: showValue(entry),
            message: `No member service ${entry.namespace}/${
              entry.service
            } exists${
              entry.cluster === undefined ? '' : ` in ${entry.cluster}`
            }.`,
            remedy:
              'Correct the names, or remove the entry; it takes effect when the service appears.',
          },
        ];
  });
}
