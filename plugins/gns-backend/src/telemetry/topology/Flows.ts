import {
  GRPC_CODE,
  type TrafficEdge,
  type TrafficFigures,
} from '@isthmus/plugin-gns-common';
import { EdgeSums } from '../merge/EdgeSums';
import { figuresOf, UNKNOWN_FIGURES } from './figures';
import type { Reporter, WindowEdge } from './WindowFold';

/** Sums of several edges, scaled to the whole window, with how much of it they know. */
export class Flow {
  readonly counted = new EdgeSums();
  readonly received = new EdgeSums();
  readonly reporters = new Set<Reporter>();
  /** Host labels that were called. */
  readonly services = new Set<string>();
  known = 1;
  edges = 0;

  /** Adds an edge: what is known of it stands for the whole window. */
  add(edge: WindowEdge, windowSeconds: number): void {
    const seconds = Math.min(edge.seconds, windowSeconds);
    if (!(seconds > 0)) return;
    const factor = windowSeconds / seconds;
    this.counted.add(edge.counted, factor);
    this.received.add(edge.received, factor);
    this.known = Math.min(this.known, seconds / windowSeconds);
    this.edges += 1;
    for (const reporter of edge.reporters) this.reporters.add(reporter);
    if (edge.target.service !== undefined) {
      this.services.add(edge.target.service);
    }
  }

  figures(windowSeconds: number): TrafficFigures {
    return this.edges === 0
      ? UNKNOWN_FIGURES
      : figuresOf(this.counted, this.received, windowSeconds, this.known);
  }

  get reportedBy(): TrafficEdge['reportedBy'] {
    const all = [...this.reporters];
    return all.length === 1 ? all[0] : 'mixed';
  }

  /** For putting the busiest first. */
  get weight(): number {
    return this.counted.requests + this.counted.tcpBytes / 1024;
  }
}

/** How a code is shown: `200`, `none`, `grpc 14`. */
export function codeName(code: number): string {
  if (code >= GRPC_CODE) return `grpc ${code - GRPC_CODE}`;
  return code === 0 ? 'none' : String(code);
}
