import type { TrafficNode } from '@isthmus/plugin-gns-common';
import { healthOfServing, silentFigures } from './figures';
import type { Flow } from './Flows';
import type { NodeRef } from './nodes';
import {
  SHOWN,
  type DrawnEdge,
  type KnownWorkload,
  type NodeFlows,
  type TrafficInput,
} from './picture';
import { roundFigures } from './roundFigures';

/** A node before its figures. */
type Plain = Omit<TrafficNode, 'inbound' | 'outbound' | 'idle'>;

/** What the composition knows at this level, and what only traffic tells of, with figures. */
export function drawNodes(
  input: TrafficInput,
  edges: readonly DrawnEdge[],
  flows: ReadonlyMap<string, NodeFlows>,
): TrafficNode[] {
  const { topology, level, windowSeconds, live } = input;
  const known = new Map(input.coverage.map(c => [c.cluster, c.known]));
  const plain = new Map<string, Plain>();
  const shown = new Set<string>(SHOWN[level]);
  for (const node of topology.nodes) {
    const isGateway = node.kind === 'gateway' && level !== 'cluster';
    if (!shown.has(node.kind) && !isGateway) continue;
    const { total, ...rest } = node;
    plain.set(node.id, {
      ...rest,
      ...(total === undefined ? {} : { pods: total }),
    });
  }
  if (level === 'workload') {
    const serviceNodes = new Map(
      topology.nodes.map(n => [
        `${n.cluster}/${n.namespace}/${n.service}`,
        n.id,
      ]),
    );
    for (const workload of input.workloads) {
      const node = workloadNode(workload, serviceNodes);
      plain.set(node.id, node);
    }
  }
  const boxes = new Set(
    topology.nodes
      .filter(n => n.kind === 'cluster' || n.kind === 'namespace')
      .map(n => n.id),
  );
  for (const { source, target } of edges) {
    for (const ref of [source, target]) {
      if (plain.has(ref.id)) continue;
      plain.set(ref.id, strangerNode(ref, boxes, input));
    }
  }
  return [...plain.values()].map((node): TrafficNode => {
    const share = node.cluster === undefined ? 1 : known.get(node.cluster) ?? 1;
    const figures = (flow: Flow | undefined) =>
      flow && flow.edges > 0
        ? roundFigures(flow.figures(windowSeconds))
        : silentFigures(share);
    const own = flows.get(node.id);
    const inbound = figures(own?.inbound);
    const busy = (own?.inbound.edges ?? 0) + (own?.outbound.edges ?? 0) > 0;
    const silent = share > 0 ? true : null;
    return {
      ...node,
      health: healthOfServing([node.health], inbound, {
        known: share,
        live,
      }),
      idle: busy ? false : silent,
      inbound,
      outbound: figures(own?.outbound),
    };
  });
}

function workloadNode(
  w: KnownWorkload,
  serviceNodes: ReadonlyMap<string, string>,
): Plain {
  return {
    id: `workload/${w.cluster}/${w.namespace}/${w.name}`,
    kind: 'workload',
    label: w.name,
    cluster: w.cluster,
    namespace: w.namespace,
    parent:
      serviceNodes.get(`${w.cluster}/${w.namespace}/${w.services[0]}`) ??
      `namespace/${w.cluster}/${w.namespace}`,
    health: w.health,
    services: [...w.services],
    workload: w.name,
    ...(w.version === undefined ? {} : { version: w.version }),
    ready: w.ready,
    pods: w.pods,
  };
}

/** A node that only traffic tells of. */
function strangerNode(
  ref: NodeRef,
  boxes: ReadonlySet<string>,
  input: TrafficInput,
): Plain {
  const box =
    ref.kind === 'workload'
      ? `namespace/${ref.cluster}/${ref.namespace}`
      : `cluster/${ref.cluster}`;
  const isInside = ref.kind !== 'outside' && ref.kind !== 'external';
  const other =
    ref.kind === 'foreign' && ref.cluster && ref.namespace
      ? input.gnsOf(ref.cluster, ref.namespace)
      : undefined;
  return {
    id: ref.id,
    kind: ref.kind,
    label: ref.label,
    ...(ref.cluster === undefined ? {} : { cluster: ref.cluster }),
    ...(ref.namespace === undefined ? {} : { namespace: ref.namespace }),
    ...(isInside && ref.id !== box && boxes.has(box) ? { parent: box } : {}),
    // Nobody told of its pods; its traffic says the rest.
    health: 'healthy',
    ...(ref.service === undefined ? {} : { service: ref.service }),
    ...(ref.workload === undefined ? {} : { workload: ref.workload }),
    ...(other === undefined || other === input.gns ? {} : { otherGns: other }),
  };
}

/** The service's own nodes, those at the other end of its edges, and the boxes around them. */
export function neighbourhood(
  nodes: readonly TrafficNode[],
  edges: readonly DrawnEdge[],
  service: string,
): TrafficNode[] {
  const byId = new Map(nodes.map(n => [n.id, n]));
  const wanted = new Set<string>();
  const want = (id: string | undefined) => {
    for (let at = id; at !== undefined; at = byId.get(at)?.parent) {
      wanted.add(at);
    }
  };
  for (const { source, target } of edges) {
    want(source.id);
    want(target.id);
  }
  for (const node of nodes) {
    if (node.service === service || node.services?.includes(service)) {
      want(node.id);
    }
  }
  return nodes.filter(n => wanted.has(n.id));
}

/** Nodes that only edges beyond the limit would have brought. */
export function hiddenNodes(
  wanted: readonly DrawnEdge[],
  kept: readonly DrawnEdge[],
  shown: readonly TrafficNode[],
): number {
  if (wanted.length === kept.length) return 0;
  const seen = new Set(shown.map(n => n.id));
  const hidden = new Set<string>();
  for (const { source, target } of wanted.slice(kept.length)) {
    for (const { id } of [source, target]) if (!seen.has(id)) hidden.add(id);
  }
  return hidden.size;
}
