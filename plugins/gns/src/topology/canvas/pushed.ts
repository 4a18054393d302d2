import { type Point } from '../arrange/layered';
import { type Step } from '../picture/walk';
import { type FlowNode } from './flowModel';

/** How far one press pushes a node, pixels. */
const PUSH = 24;

/** Where a node is after a press of an arrow. */
export function pushed({ x, y }: Point, step: Step): Point {
  if (step === 'left') return { x: x - PUSH, y };
  if (step === 'right') return { x: x + PUSH, y };
  return { x, y: step === 'up' ? y - PUSH : y + PUSH };
}

/** Of a node on the map of the whole. */
export function minimapColor(node: FlowNode): string {
  if (node.data.isBox) return 'transparent';
  const { health } = node.data.node;
  if (health === 'failing') return 'var(--bui-fg-negative)';
  return health === 'degraded'
    ? 'var(--bui-fg-warning)'
    : 'var(--bui-border-2)';
}
