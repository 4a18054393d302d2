import fc from 'fast-check';
import { canonicalJson } from '@isthmus/plugin-gns-common';
import { acceptedMembers, compose, createComposer } from './compose';
import {
  clusterOf,
  gatewayOf,
  gnsOf,
  inputOf,
  meshOf,
  namespaceOf,
  portOf,
  serviceOf,
  workloadOf,
} from './testFixtures';
import {
  memberKey,
  servingKey,
  type ClusterView,
  type CompositionInput,
  type CompositionResult,
  type VersionedGlobalNamespace,
} from './types';

const NAMESPACES = ['red', 'green', 'blue'];
const SERVICES = ['web', 'api', 'db'];
const CLUSTERS = ['a', 'b', 'c', 'd'];
const GNS = ['one', 'two'];

const service = fc.record({
  namespace: fc.constantFrom(...NAMESPACES),
  name: fc.constantFrom(...SERVICES),
  ready: fc.constantFrom(0, 1, 5, 100_000),
  port: fc.constantFrom(80, 80, 80, 9090),
  headless: fc.constantFrom(false, false, false, true),
});

function clusterArbitrary(name: string, index: number) {
  return fc
    .record({
      services: fc.uniqueArray(service, {
        selector: s => `${s.namespace}/${s.name}`,
        maxLength: 6,
      }),
      root: fc.constantFrom('a', 'a', 'a', 'b', ''),
      network: fc.constantFrom(`net${index}`, `net${index}`, 'net0', ''),
      view: fc.constantFrom(true, true, false),
      ready: fc.constantFrom(true, true, false),
      trustDomain: fc.constantFrom('cluster.local', `${name}.example`),
      mesh: fc.constantFrom(true, true, true, false),
      ambient: fc.constantFrom<string | undefined>(undefined, 'green'),
      leaving: fc.constantFrom(false, false, false, true),
    })
    .map(
      (c): ClusterView =>
        clusterOf(name, index, [], {
          leaving: c.leaving,
          inventory: {
            ...(c.mesh
              ? {
                  mesh: meshOf(c.network, {
                    trustDomain: c.trustDomain,
                    rootHashes: c.root ? [c.root.repeat(64)] : [],
                  }),
                }
              : { mesh: undefined }),
            namespaces: NAMESPACES.map(n =>
              namespaceOf(n, {
                injection: c.ambient === n ? 'ambient' : 'sidecar',
              }),
            ),
            services: c.services.map(s =>
              serviceOf(s.namespace, s.name, {
                headless: s.headless,
                ports: [portOf({ number: s.port })],
              }),
            ),
            workloads: c.services.map(s =>
              workloadOf(s.namespace, s.name, s.ready),
            ),
            gateways: [
              gatewayOf(c.network, `10.0.${index}.1`, {
                ready: c.ready,
                networkView: c.view ? c.network : undefined,
              }),
            ],
          },
        }),
    );
}

const matcher = (names: string[]) =>
  fc.oneof(
    fc
      .subarray(names, { minLength: 1 })
      .map(list => ({ names: list } as Record<string, unknown>)),
    fc.constant({ prefix: '' }),
  );

const definitions = fc
  .tuple(
    ...GNS.map((name, i) =>
      fc
        .record({
          members: fc.array(
            fc.record({
              clusters: matcher(CLUSTERS),
              namespaces: matcher(NAMESPACES),
              services: matcher(SERVICES),
            }),
            { maxLength: 2 },
          ),
          mtls: fc.constantFrom('strict', 'permissive'),
        })
        .map(spec => gnsOf(name, spec, i)),
    ),
  )
  .chain(list => fc.subarray(list, { minLength: 1 }));

const hosts = GNS.flatMap(g => SERVICES.map(s => `${s}.${g}.gns.example`));
const servingKeys = hosts.flatMap(h =>
  CLUSTERS.map(c => servingKey(`id-${c}`, h)),
);
const memberKeys = GNS.flatMap(g =>
  CLUSTERS.flatMap(c => NAMESPACES.map(n => memberKey(g, `id-${c}`, n))),
);

const inputs: fc.Arbitrary<CompositionInput> = fc
  .record({
    definitions,
    clusters: fc.tuple(...CLUSTERS.map((c, i) => clusterArbitrary(c, i + 1))),
    served: fc.subarray(servingKeys),
    approved: fc.subarray(memberKeys, { maxLength: 3 }),
    refused: fc.subarray(memberKeys, { maxLength: 2 }),
    accepted: fc.option(fc.subarray(memberKeys), { nil: undefined }),
    addressed: fc.subarray(hosts),
    weights: fc.dictionary(
      fc.constantFrom(...servingKeys),
      fc.constantFrom(1, 4, 5, 6),
    ),
    nearestClusters: fc.constantFrom(1, 2, 5),
  })
  .map(i =>
    inputOf(i.definitions, i.clusters, {
      served: new Set(i.served),
      approvals: {
        approved: new Set(i.approved),
        refused: new Set(i.refused),
      },
      ...(i.accepted ? { acceptedMembers: new Set(i.accepted) } : {}),
      addresses: new Map(i.addressed.map((h, n) => [h, `10.255.0.${n + 1}`])),
      weights: new Map(Object.entries(i.weights)),
      options: { nearestClusters: i.nearestClusters, maxClusterShare: 0.8 },
    }),
  );

/** An input in which the definitions of another are on their way to some clusters. */
const splitInputs: fc.Arbitrary<CompositionInput> = fc
  .record({
    target: inputs,
    former: inputs,
    turned: fc.subarray(CLUSTERS.map(c => `id-${c}`)),
    gns: fc.subarray(GNS, { minLength: 1 }),
    deleted: fc.boolean(),
  })
  .map(({ target, former, turned, gns, deleted }) => ({
    ...target,
    definitions: target.definitions.filter(
      d => !deleted || d.definition.metadata.name !== gns[0],
    ),
    splits: gns.map(name => ({
      gns: name,
      former: former.definitions.find(d => d.definition.metadata.name === name),
      turned: new Set(turned),
    })),
  }));

/** Everything in a result, order included. */
function textOf(result: CompositionResult): string {
  return canonicalJson([
    [...result.clusters].map(([id, c]) => [
      id,
      { ...c, objects: [...c.objects], servingObjects: [...c.servingObjects] },
    ]),
    [...result.globalNamespaces],
    result.addressesWanted,
    [...result.weights],
  ]);
}

type Entry = {
  endpoints?: {
    labels: Record<string, string>;
    weight: number;
    network: string;
  }[];
  subjectAltNames?: string[];
  hosts: string[];
};
const entriesOf = (result: CompositionResult) =>
  [...result.clusters.values()].flatMap(c =>
    [...c.objects.values()]
      .filter(o => o.manifest.kind === 'ServiceEntry')
      .map(o => ({ cluster: c.cluster, spec: o.manifest.spec as Entry })),
  );

describe('for any definitions and inventories', () => {
  it('no object of a global namespace lies outside its member namespaces and the gateways', () => {
    fc.assert(
      fc.property(inputs, input => {
        const result = compose(input);
        for (const cluster of result.clusters.values()) {
          for (const object of cluster.objects.values()) {
            const namespace = object.manifest.metadata.namespace ?? '';
            const members = cluster.members[object.gns] ?? [];
            expect(
              object.manifest.kind === 'Gateway' ? ['istio-gw'] : [...members],
            ).toContain(namespace);
            const other = input.definitions.find(
              d =>
                d.definition.metadata.name !== object.gns &&
                cluster.members[d.definition.metadata.name]?.includes(
                  namespace,
                ),
            );
            expect(other).toBeUndefined();
          }
        }
      }),
    );
  });

  it('no entry is without SANs, and every endpoint is one that serves, weighs, and is in another network', () => {
    fc.assert(
      fc.property(inputs, input => {
        for (const { cluster, spec } of entriesOf(compose(input))) {
          expect(spec.subjectAltNames?.length).toBeGreaterThan(0);
          const own = input.clusters.find(c => c.id === cluster)!;
          for (const endpoint of spec.endpoints ?? []) {
            const server = input.clusters.find(
              c => c.name === endpoint.labels['gns.isthmus.dev/remote-cluster'],
            )!;
            expect(input.served).toContain(
              servingKey(server.id, spec.hosts[0]),
            );
            expect(server.id).not.toBe(cluster);
            expect(server.leaving).toBe(false);
            expect(endpoint.weight).toBeGreaterThan(0);
            expect(endpoint.network).not.toBe('');
            expect(endpoint.network).not.toBe(own.inventory.mesh?.network);
            expect(server.inventory.mesh?.rootHashes).toEqual(
              own.inventory.mesh?.rootHashes,
            );
          }
        }
      }),
    );
  });

  it('the order of the input does not matter', () => {
    fc.assert(
      fc.property(inputs, input => {
        const turned: CompositionInput = {
          ...input,
          definitions: [...input.definitions].reverse(),
          served: new Set([...input.served].reverse()),
          addresses: new Map([...input.addresses].reverse()),
          clusters: [...input.clusters].reverse().map(c => ({
            ...c,
            inventory: {
              ...c.inventory,
              namespaces: [...c.inventory.namespaces].reverse(),
              services: [...c.inventory.services].reverse(),
              workloads: [...c.inventory.workloads].reverse(),
            },
          })),
        };
        expect(textOf(compose(turned))).toBe(textOf(compose(input)));
      }),
    );
  });

  it('a composer with a memory gives what one without gives', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(inputs, fc.subarray([0, 1, 2, 3]), fc.nat(31)), {
          minLength: 2,
          maxLength: 5,
        }),
        steps => {
          const composer = createComposer();
          let last = steps[0][0];
          for (const [next, replaced, parts] of steps) {
            // Part of the next input, part of the last one, as objects.
            const input: CompositionInput = {
              definitions: parts & 1 ? next.definitions : last.definitions,
              clusters: last.clusters.map((c, i) =>
                replaced.includes(i) ? next.clusters[i] : c,
              ),
              served: parts & 2 ? next.served : last.served,
              addresses: parts & 4 ? next.addresses : last.addresses,
              weights: parts & 8 ? next.weights : last.weights,
              approvals: parts & 16 ? next.approvals : last.approvals,
              acceptedMembers: last.acceptedMembers,
              options: last.options,
            };
            expect(textOf(composer(input))).toBe(textOf(compose(input)));
            last = input;
          }
        },
      ),
    );
  });

  it('a step that changes one inventory gives what a full run gives', () => {
    fc.assert(
      fc.property(
        inputs,
        fc.array(
          fc.record({
            cluster: fc.nat(CLUSTERS.length - 1),
            workload: fc.nat(5),
            pods: fc.constantFrom(0, 1, 5, 6, 50),
          }),
          { minLength: 1, maxLength: 6 },
        ),
        (start, steps) => {
          const composer = createComposer();
          let input = start;
          composer(input);
          for (const step of steps) {
            const clusters = [...input.clusters];
            const old = clusters[step.cluster];
            clusters[step.cluster] = {
              ...old,
              inventory: {
                ...old.inventory,
                workloads: old.inventory.workloads.map((w, i) =>
                  i === step.workload
                    ? workloadOf(w.namespace, w.name, step.pods)
                    : w,
                ),
              },
            };
            input = { ...input, clusters };
            const result = composer(input);
            expect(textOf(result)).toBe(textOf(compose(input)));
            input = { ...input, weights: result.weights };
          }
        },
      ),
    );
  });
});

describe('while a change reaches clusters one after the other', () => {
  const objectsOf = (result: CompositionResult, cluster: string) =>
    canonicalJson([...(result.clusters.get(cluster)?.objects ?? [])]);

  it('each cluster has exactly what the definition that is in force there gives', () => {
    fc.assert(
      fc.property(splitInputs, input => {
        // One global namespace: others could claim what one of the two gives up.
        const only = <T extends VersionedGlobalNamespace | undefined>(d: T) =>
          d?.definition.metadata.name === 'one' ? [d] : [];
        const split = input.splits!.find(s => s.gns === 'one');
        fc.pre(split !== undefined);
        const target = input.definitions.flatMap(only);
        const mixed = compose({
          ...input,
          definitions: target,
          splits: [split],
        });
        const plain = { ...input, splits: [] };
        const ofTarget = compose({ ...plain, definitions: target });
        const ofFormer = compose({
          ...plain,
          definitions: split.former ? [split.former] : [],
        });
        for (const { id } of input.clusters) {
          const inForce = split.turned.has(id) ? ofTarget : ofFormer;
          expect(objectsOf(mixed, id)).toBe(objectsOf(inForce, id));
          expect(mixed.clusters.get(id)?.members).toEqual(
            inForce.clusters.get(id)?.members,
          );
          expect([...mixed.clusters.get(id)!.servingObjects]).toEqual([
            ...inForce.clusters.get(id)!.servingObjects,
          ]);
        }
      }),
    );
  });

  it('no namespace has objects of two global namespaces, and status agrees with what is rendered', () => {
    fc.assert(
      fc.property(splitInputs, input => {
        const result = compose(input);
        for (const cluster of result.clusters.values()) {
          const owners = new Map<string, string>();
          for (const [gns, namespaces] of Object.entries(cluster.members)) {
            for (const namespace of namespaces) {
              expect(owners.get(namespace) ?? gns).toBe(gns);
              owners.set(namespace, gns);
            }
          }
        }
        for (const gns of result.globalNamespaces.values()) {
          for (const member of gns.members) {
            if (member.state !== 'member') continue;
            const view = input.clusters.find(c => c.id === member.cluster)!;
            const ambient = view.inventory.namespaces.some(
              n => n.name === member.namespace && n.injection === 'ambient',
            );
            if (ambient) continue;
            expect(
              result.clusters.get(member.cluster)?.members[gns.name],
            ).toContain(member.namespace);
          }
        }
      }),
    );
  });

  it('a composer with a memory gives what one without gives, as clusters turn', () => {
    fc.assert(
      fc.property(
        splitInputs,
        fc.array(fc.subarray(CLUSTERS.map(c => `id-${c}`)), { maxLength: 4 }),
        (input, turns) => {
          const composer = createComposer();
          for (const turned of [...turns, []]) {
            const next = {
              ...input,
              splits: input.splits!.map(s => ({
                ...s,
                turned: new Set(turned),
              })),
            };
            expect(textOf(composer(next))).toBe(textOf(compose(next)));
          }
          const over = { ...input, splits: [] };
          expect(textOf(composer(over))).toBe(textOf(compose(over)));
        },
      ),
    );
  });
});

describe('a composer', () => {
  const gns = gnsOf('one', { members: [{ namespaces: { names: ['red'] } }] });
  const clusters = CLUSTERS.map((c, i) => clusterOf(c, i + 1, ['red/web']));
  const first = compose(inputOf([gns], clusters));
  const settled = inputOf([gns], clusters, {
    served: new Set(servingKeys),
    acceptedMembers: acceptedMembers(first),
  });

  it('keeps the very objects that did not change, also when inputs were read anew', () => {
    const composer = createComposer();
    const before = composer(settled);
    const again = composer({
      ...settled,
      definitions: structuredClone(settled.definitions),
      clusters: structuredClone(settled.clusters),
      served: new Set(settled.served),
    });
    for (const [id, cluster] of before.clusters) {
      for (const [key, object] of cluster.objects) {
        expect(again.clusters.get(id)!.objects.get(key)).toBe(object);
      }
    }
  });

  it('is usable after an input that it threw on', () => {
    const composer = createComposer();
    composer(settled);
    expect(() =>
      composer({ ...settled, served: null as unknown as Set<string> }),
    ).toThrow();
    expect(textOf(composer(settled))).toBe(textOf(compose(settled)));
  });
});
