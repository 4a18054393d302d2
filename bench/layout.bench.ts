/**
 * Layout of the topology: CPU time, crossings, area and the longest piece
 * between two pauses, beside elkjs and dagre on the same graphs.
 *
 *   node --import tsx bench/layout.bench.ts [services, 1000 by default]
 *
 * "flat" is the graph alone. "boxes" is what the page draws: services in
 * namespaces in clusters, lines across boxes. Crossings are those of the lines
 * as each library draws them (elk with polylines, its best), and of straight
 * lines between the same sides of its nodes.
 */
import dagre from '@dagrejs/dagre';
import ELK, { type ElkNode } from 'elkjs/lib/elk.bundled.js';
import {
  cornerOf,
  extentOf,
  onMap,
  routeKey,
  type Placement,
} from '../plugins/gns/src/topology/arrange/boxes';
import {
  layered,
  type Point,
} from '../plugins/gns/src/topology/arrange/layered';
import { countLineCrossings } from '../plugins/gns/src/topology/arrange/lineCrossings';
import { place } from '../plugins/gns/src/topology/arrange/place';
import { seededMesh } from '../plugins/gns/src/topology/arrange/seededMesh';
import {
  runNow,
  type Pieces,
} from '../plugins/gns/src/topology/arrange/slices';

const services = Number(process.argv[2] ?? 1000);
const mesh = seededMesh({ services });
const leaves = mesh.items.filter(item => item.id.startsWith('service/'));
const ROUNDS = 15;

interface Rect extends Point {
  width: number;
  height: number;
}
interface Drawing {
  at: ReadonlyMap<string, Rect>;
  lines: Point[][];
}

const cpuOf = (from: NodeJS.CpuUsage) => {
  const { user, system } = process.cpuUsage(from);
  return (user + system) / 1000;
};
const median = (values: number[]) =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const right = (box: Rect) => ({
  x: box.x + box.width,
  y: box.y + box.height / 2,
});
const left = (box: Rect) => ({ x: box.x, y: box.y + box.height / 2 });

function report(
  name: string,
  cpu: number[],
  drawing: Drawing,
  longest?: number,
) {
  const { at, lines } = drawing;
  const straight = mesh.edges.map(e => [
    right(at.get(e.source)!),
    left(at.get(e.target)!),
  ]);
  const { width, height } = extentOf(
    [...at].map(([id, rect]) => ({ id, ...rect })),
  );
  console.log(
    [
      name.padEnd(34),
      `cpu first ${cpu[0].toFixed(0)} ms`.padEnd(20),
      `median ${median(cpu).toFixed(1)} ms`.padEnd(20),
      `best ${Math.min(...cpu).toFixed(1)} ms`.padEnd(18),
      `crossings drawn ${countLineCrossings(lines)}`.padEnd(26),
      `straight ${countLineCrossings(straight)}`.padEnd(18),
      `${Math.round(width)} × ${Math.round(height)} px`.padEnd(18),
      longest === undefined ? '' : `longest piece ${longest.toFixed(1)} ms`,
    ].join(' '),
  );
}

/** Runs pieces to the end and says how long the longest took, milliseconds. */
function longestPiece<T>(pieces: Pieces<T>): number {
  let most = 0;
  for (;;) {
    const from = performance.now();
    const step = pieces.next();
    most = Math.max(most, performance.now() - from);
    if (step.done) return most;
  }
}

function oursFlat() {
  const index = new Map(leaves.map((leaf, i) => [leaf.id, i]));
  const input = {
    widths: leaves.map(leaf => leaf.width),
    heights: leaves.map(leaf => leaf.height),
    edges: mesh.edges.map(
      e => [index.get(e.source)!, index.get(e.target)!] as const,
    ),
    gaps: { layer: 96, node: 18, bend: 14 },
  };
  const cpu: number[] = [];
  let result = runNow(layered(input));
  for (let round = 0; round < ROUNDS; round += 1) {
    const from = process.cpuUsage();
    result = runNow(layered(input));
    cpu.push(cpuOf(from));
  }
  const at = new Map(
    leaves.map((leaf, i) => [
      leaf.id,
      {
        x: result.x[i],
        y: result.y[i],
        width: leaf.width,
        height: leaf.height,
      },
    ]),
  );
  const lines = mesh.edges.map((e, i) => [
    right(at.get(e.source)!),
    ...(result.bends.get(i) ?? []),
    left(at.get(e.target)!),
  ]);
  report('isthmus, flat', cpu, { at, lines }, longestPiece(layered(input)));
}

function drawingOf(placement: Placement): Drawing {
  const at = onMap(placement);
  const lines = mesh.edges.map(e => {
    const route = placement.routes.get(routeKey(e));
    const corner = cornerOf(placement.boxes, route?.within);
    return [
      right(at.get(e.source)!),
      ...(route?.points ?? []).map(p => ({
        x: p.x + corner.x,
        y: p.y + corner.y,
      })),
      left(at.get(e.target)!),
    ];
  });
  return { at, lines };
}

function oursInBoxes() {
  const cpu: number[] = [];
  let placement = runNow(place(mesh));
  for (let round = 0; round < ROUNDS; round += 1) {
    const from = process.cpuUsage();
    placement = runNow(place(mesh));
    cpu.push(cpuOf(from));
  }
  report(
    'isthmus, boxes',
    cpu,
    drawingOf(placement),
    longestPiece(place(mesh)),
  );

  // One service more, as a refresh brings it.
  const some = leaves[Math.floor(leaves.length / 2)];
  const added = {
    items: [...mesh.items, { ...some, id: `${some.id}-new` }],
    edges: [...mesh.edges, { source: some.id, target: `${some.id}-new` }],
    before: placement,
  };
  const from = process.cpuUsage();
  const after = runNow(place(added));
  const moved = leaves.filter(leaf => {
    const a = placement.boxes.get(leaf.id)!;
    const b = after.boxes.get(leaf.id)!;
    return a.x !== b.x || a.y !== b.y;
  });
  console.log(
    `isthmus, one service more: ${cpuOf(from).toFixed(1)} ms, ${
      moved.length
    } of ${leaves.length} services moved within their boxes`,
  );
}

async function elk(inBoxes: boolean) {
  const size = { width: 200, height: 64 };
  const childrenOf = (parent?: string): ElkNode[] =>
    mesh.items
      .filter(item => item.parent === parent)
      .map(item =>
        item.width > 0
          ? { id: item.id, ...size }
          : { id: item.id, children: childrenOf(item.id) },
      );
  const graph: ElkNode = {
    id: 'root',
    layoutOptions: {
      'elk.algorithm': 'layered',
      'elk.edgeRouting': 'POLYLINE',
      'elk.layered.spacing.nodeNodeBetweenLayers': '96',
      ...(inBoxes ? { 'elk.hierarchyHandling': 'INCLUDE_CHILDREN' } : {}),
    },
    children: inBoxes
      ? childrenOf()
      : leaves.map(leaf => ({ id: leaf.id, ...size })),
    edges: mesh.edges.map((e, i) => ({
      id: `e${i}`,
      sources: [e.source],
      targets: [e.target],
    })),
  };
  const from = process.cpuUsage();
  const result = await new ELK().layout(graph);
  const cpu = [cpuOf(from)];
  const at = new Map<string, Rect>([
    ['root', { x: 0, y: 0, width: 0, height: 0 }],
  ]);
  const visit = (node: ElkNode, x: number, y: number) => {
    for (const child of node.children ?? []) {
      const own = { x: x + child.x!, y: y + child.y! };
      at.set(child.id, { ...own, width: child.width!, height: child.height! });
      visit(child, own.x, own.y);
    }
  };
  visit(result, 0, 0);
  const lines = result.edges!.map(edge => {
    const section = edge.sections![0];
    const corner = at.get(
      (edge as { container?: string }).container ?? 'root',
    )!;
    return [
      section.startPoint,
      ...(section.bendPoints ?? []),
      section.endPoint,
    ].map(p => ({ x: p.x + corner.x, y: p.y + corner.y }));
  });
  at.delete('root');
  report(`elkjs layered, ${inBoxes ? 'boxes' : 'flat'}`, cpu, { at, lines });
}

function dagreFlat(ranker: string) {
  const graph = new dagre.graphlib.Graph();
  graph.setGraph({ rankdir: 'LR', ranksep: 96, nodesep: 18, ranker });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const leaf of leaves) {
    graph.setNode(leaf.id, { width: leaf.width, height: leaf.height });
  }
  for (const e of mesh.edges) graph.setEdge(e.source, e.target);
  const from = process.cpuUsage();
  dagre.layout(graph);
  const cpu = [cpuOf(from)];
  const at = new Map<string, Rect>(
    leaves.map(({ id, width, height }) => {
      const node = graph.node(id);
      return [
        id,
        { x: node.x - width / 2, y: node.y - height / 2, width, height },
      ];
    }),
  );
  const lines = mesh.edges.map(
    e => graph.edge(e.source, e.target).points as Point[],
  );
  report(`dagre ${ranker}, flat`, cpu, { at, lines });
}

async function main() {
  console.log(`${services} services, ${mesh.edges.length} calls`);
  oursFlat();
  oursInBoxes();
  await elk(false);
  await elk(true);
  dagreFlat('tight-tree');
  dagreFlat('longest-path');
}

main().catch(error => {
  console.error(error);
  process.exitCode = 1;
});
