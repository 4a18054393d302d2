import {
  TRAFFIC_PROTOCOLS,
  type Traffic,
  type TrafficEdge,
  type TrafficLevel,
} from '@isthmus/plugin-gns-common';
import { drawNodes, hiddenNodes, neighbourhood } from './drawNodes';
import { allDurations, healthOfTraffic, silentFigures } from './figures';
import { Flow } from './Flows';
import { nodeOf, type NodeRef } from './nodes';
import type { Party } from './parties';
import {
  SHOWN,
  type DrawnEdge,
  type IdleEdge,
  type NodeFlows,
  type TrafficInput,
} from './picture';
import { rounded, roundFigures } from './roundFigures';

const edgeId = (source: string, target: string, protocol: number) =>
  `calls ${source} ${target} ${TRAFFIC_PROTOCOLS[protocol]}`;

/** Who calls whom at one level, with figures: the answer of the REST API. Pure. */
export function trafficOf(input: TrafficInput): Traffic {
  const { level, context, windowSeconds } = input;
  const flows = new Map<
    string,
    { source: NodeRef; target: NodeRef; protocol: number; flow: Flow }
  >();
  const ofNode = new Map<string, NodeFlows>();
  const flowsOf = (id: string): NodeFlows => {
    let found = ofNode.get(id);
    if (!found) {
      found = { inbound: new Flow(), outbound: new Flow() };
      ofNode.set(id, found);
    }
    return found;
  };
  // The same party is the same object: looked up without making a text of it.
  const refs = { source: new Map(), target: new Map() } as Record<
    'source' | 'target',
    Map<Party, Partial<Record<TrafficLevel, NodeRef>>>
  >;
  const refOf = (party: Party, at: TrafficLevel, isTarget: boolean) => {
    const side = refs[isTarget ? 'target' : 'source'];
    let own = side.get(party);
    if (!own) {
      own = {};
      side.set(party, own);
    }
    return (own[at] ??= nodeOf(party, at, context, isTarget));
  };
  /** Flows of all the nodes that a party is part of, each once. */
  const shown = { source: new Map(), target: new Map() } as Record<
    'source' | 'target',
    Map<Party, readonly NodeFlows[]>
  >;
  const shownOf = (party: Party, isTarget: boolean) => {
    const side = shown[isTarget ? 'target' : 'source'];
    let own = side.get(party);
    if (!own) {
      const ids = SHOWN[level].map(at => refOf(party, at, isTarget).id);
      own = [...new Set(ids)].map(flowsOf);
      side.set(party, own);
    }
    return own;
  };
  for (const edge of input.edges) {
    const source = refOf(edge.source, level, false);
    const target = refOf(edge.target, level, true);
    const id = edgeId(source.id, target.id, edge.protocol);
    let drawn = flows.get(id);
    if (!drawn) {
      drawn = { source, target, protocol: edge.protocol, flow: new Flow() };
      flows.set(id, drawn);
    }
    drawn.flow.add(edge, windowSeconds);
    for (const { inbound } of shownOf(edge.target, true)) {
      inbound.add(edge, windowSeconds);
    }
    for (const { outbound } of shownOf(edge.source, false)) {
      outbound.add(edge, windowSeconds);
    }
  }

  const drawn: DrawnEdge[] = [...flows].map(([id, d]) => ({
    source: d.source,
    target: d.target,
    weight: d.flow.weight,
    edge: busyEdge(id, d, input),
  }));
  const idle = new Map<string, DrawnEdge>();
  for (const seen of input.idle) {
    const source = refOf(seen.source, level, false);
    const target = refOf(seen.target, level, true);
    const id = edgeId(source.id, target.id, seen.protocol);
    if (flows.has(id)) continue;
    const before = idle.get(id)?.edge.lastSeenAt ?? '';
    if (before >= seen.lastSeenAt) continue;
    const edge = idleEdge(id, source, target, seen);
    idle.set(id, { source, target, weight: 0, edge });
  }
  drawn.push(...idle.values());
  const wanted = input.service
    ? drawn.filter(
        d =>
          d.source.service === input.service ||
          d.target.service === input.service ||
          d.edge.service === input.service,
      )
    : drawn;
  wanted.sort(
    (a, b) =>
      b.weight - a.weight ||
      (a.edge.id < b.edge.id ? -1 : Number(a.edge.id > b.edge.id)),
  );
  const kept = wanted.slice(0, input.limit);
  const nodes = drawNodes(input, kept, ofNode);
  const drawnNodes = input.service
    ? neighbourhood(nodes, kept, input.service)
    : nodes;
  return {
    gns: input.gns,
    level,
    from: input.from,
    to: input.to,
    windowSeconds,
    stepSeconds: input.stepSeconds,
    live: input.live,
    nodes: drawnNodes,
    edges: kept
      .map(d => d.edge)
      .sort((a, b) => (a.id < b.id ? -1 : Number(a.id > b.id))),
    coverage: [...input.coverage],
    hidden: {
      edges: wanted.length - kept.length,
      nodes: hiddenNodes(wanted, kept, drawnNodes),
    },
    generatedAt: input.generatedAt,
  };
}

function busyEdge(
  id: string,
  {
    source,
    target,
    protocol,
    flow,
  }: { source: NodeRef; target: NodeRef; protocol: number; flow: Flow },
  { windowSeconds, buckets }: TrafficInput,
): TrafficEdge {
  const figures = roundFigures(flow.figures(windowSeconds));
  const [service] = flow.services;
  return {
    id,
    source: source.id,
    target: target.id,
    protocol: TRAFFIC_PROTOCOLS[protocol],
    ...(flow.services.size === 1 ? { service } : {}),
    health:
      healthOfTraffic(figures) ?? (figures.known > 0 ? 'healthy' : 'unknown'),
    idle: false,
    crossCluster: crosses(source, target),
    reportedBy: flow.reportedBy,
    figures,
    ...(buckets ? { latencyBuckets: bucketsOf(flow, windowSeconds) } : {}),
  };
}

function bucketsOf(flow: Flow, seconds: number): [number | null, number][] {
  const durations = allDurations(flow.counted);
  if (!durations) return [];
  return [...durations.counts].flatMap((count, i): [number | null, number][] =>
    count > 0
      ? [[durations.edgesMs[i] ?? null, rounded(count / seconds) ?? 0]]
      : [],
  );
}

function idleEdge(
  id: string,
  source: NodeRef,
  target: NodeRef,
  { protocol, lastSeenAt, known }: IdleEdge,
): TrafficEdge {
  const figures = silentFigures(Math.min(1, known));
  return {
    id,
    source: source.id,
    target: target.id,
    protocol: TRAFFIC_PROTOCOLS[protocol],
    ...(target.service === undefined ? {} : { service: target.service }),
    health: known > 0 ? 'healthy' : 'unknown',
    idle: known > 0 ? true : null,
    lastSeenAt,
    crossCluster: crosses(source, target),
    reportedBy: 'client',
    figures:
      protocol === TRAFFIC_PROTOCOLS.indexOf('tcp') && known > 0
        ? {
            ...figures,
            requests: null,
            tcp: { bytesToServer: 0, bytesToClient: 0, opened: 0 },
          }
        : figures,
  };
}

function crosses(source: NodeRef, target: NodeRef): boolean {
  return (
    source.cluster !== undefined &&
    target.cluster !== undefined &&
    source.cluster !== target.cluster
  );
}
