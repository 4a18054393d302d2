import {
  type QuantileName,
  type TrafficEdge,
  type TrafficFigures,
  type TrafficNode,
} from '@isthmus/plugin-gns-common';

/** What a question is asked of. */
export type Subject =
  | { type: 'node'; node: TrafficNode }
  | {
      type: 'edge';
      edge: TrafficEdge;
      source: TrafficNode;
      target: TrafficNode;
    };

/**
 * What an operand says of a subject. Undefined: it does not apply, or it is
 * not known. Several texts: any of them may match.
 */
export type OperandValue = readonly string[] | number | boolean | undefined;

export type OperandType = 'text' | 'number' | 'flag';

export interface Operand {
  name: string;
  type: OperandType;
  /** Whose property it is. */
  of: 'nodes' | 'edges' | 'both';
  /** Unit of its numbers, for completion. */
  unit?: '%' | 'ms' | 'rps';
  read: (subject: Subject) => OperandValue;
}

const texts = (...values: (string | undefined)[]): OperandValue => {
  const known = values.filter(value => value !== undefined && value !== '');
  return known.length > 0 ? (known as string[]) : undefined;
};
const number = (value: number | null | undefined): OperandValue =>
  value ?? undefined;

const ofNode =
  (read: (node: TrafficNode) => OperandValue): Operand['read'] =>
  subject =>
    subject.type === 'node' ? read(subject.node) : undefined;
const ofEdge =
  (
    read: (subject: Extract<Subject, { type: 'edge' }>) => OperandValue,
  ): Operand['read'] =>
  subject =>
    subject.type === 'edge' ? read(subject) : undefined;
/** Of an edge: what flows along it. Of a node: what flows into it. */
const ofFigures =
  (read: (figures: TrafficFigures) => OperandValue): Operand['read'] =>
  subject =>
    read(subject.type === 'node' ? subject.node.inbound : subject.edge.figures);

const text = (
  name: string,
  read: (node: TrafficNode) => OperandValue,
): Operand => ({ name, type: 'text', of: 'nodes', read: ofNode(read) });
const flag = (name: string, read: (node: TrafficNode) => boolean): Operand => ({
  name,
  type: 'flag',
  of: 'nodes',
  read: ofNode(read),
});
const quantile = (name: QuantileName): Operand => ({
  name,
  type: 'number',
  of: 'both',
  unit: 'ms',
  read: ofFigures(figures => number(figures.latencyMs[name])),
});

const healthOf = (subject: Subject) =>
  subject.type === 'node' ? subject.node.health : subject.edge.health;

/** Everything that can be asked for, in the order in which it is offered. */
export const OPERANDS: readonly Operand[] = [
  text('name', node => texts(node.label, node.service, node.workload)),
  text('cluster', node => texts(node.cluster)),
  text('namespace', node => texts(node.namespace)),
  text('service', node => texts(node.service, ...(node.services ?? []))),
  text('workload', node => texts(node.workload)),
  text('version', node => texts(node.version)),
  text('host', node => texts(node.host)),
  text('kind', node => texts(node.kind)),
  text('gns', node => texts(node.otherGns)),
  {
    name: 'health',
    type: 'text',
    of: 'both',
    read: subject => texts(healthOf(subject)),
  },
  {
    name: 'unhealthy',
    type: 'flag',
    of: 'both',
    read: subject => ['failing', 'degraded'].includes(healthOf(subject)),
  },
  {
    name: 'idle',
    type: 'flag',
    of: 'both',
    read: subject =>
      (subject.type === 'node' ? subject.node.idle : subject.edge.idle) ??
      undefined,
  },
  flag('gateway', node => node.kind === 'gateway'),
  flag('outside', node => ['outside', 'foreign'].includes(node.kind)),
  flag('external', node => node.kind === 'external'),
  {
    name: 'rps',
    type: 'number',
    of: 'both',
    unit: 'rps',
    read: ofFigures(figures => number(figures.requests)),
  },
  {
    name: 'out',
    type: 'number',
    of: 'nodes',
    unit: 'rps',
    read: ofNode(node => number(node.outbound.requests)),
  },
  {
    name: 'errors',
    type: 'number',
    of: 'both',
    unit: '%',
    read: ofFigures(figures => number(figures.errorShare)),
  },
  {
    name: 'clienterrors',
    type: 'number',
    of: 'both',
    unit: '%',
    read: ofFigures(figures => number(figures.clientErrorShare)),
  },
  quantile('p50'),
  quantile('p95'),
  quantile('p99'),
  {
    name: 'mtls',
    type: 'number',
    of: 'both',
    unit: '%',
    read: ofFigures(figures => number(figures.mtlsShare)),
  },
  {
    name: 'ready',
    type: 'number',
    of: 'nodes',
    read: ofNode(node => number(node.ready)),
  },
  {
    name: 'protocol',
    type: 'text',
    of: 'edges',
    read: ofEdge(({ edge }) => texts(edge.protocol)),
  },
  {
    name: 'crosscluster',
    type: 'flag',
    of: 'edges',
    read: ofEdge(({ edge }) => edge.crossCluster),
  },
  {
    name: 'from',
    type: 'text',
    of: 'edges',
    read: ofEdge(({ source }) => texts(source.label, source.service)),
  },
  {
    name: 'to',
    type: 'text',
    of: 'edges',
    read: ofEdge(({ target }) => texts(target.label, target.service)),
  },
];

const BY_NAME = new Map(OPERANDS.map(operand => [operand.name, operand]));

export function operandOf(name: string): Operand | undefined {
  return BY_NAME.get(name.toLowerCase());
}
