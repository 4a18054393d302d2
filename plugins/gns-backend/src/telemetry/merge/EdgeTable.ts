import type {
  EdgeService,
  EdgeWorkload,
  SliceEdges,
} from '@isthmus/plugin-gns-common';
import { addRows, EdgeSums, toColumns } from './EdgeSums';
import { Interner } from './Interner';

interface Row {
  readonly view: number;
  readonly protocol: number;
  readonly source: number;
  readonly destination: number;
  readonly service: number;
  readonly sums: EdgeSums;
}

/** Larger than any number of workloads or services that are interned. */
const PAIR = 2 ** 26;

/** The names of the workload in row `i`. */
export function workloadAt(edges: SliceEdges, i: number): EdgeWorkload {
  const { text, workloads: w } = edges;
  return {
    ...(w.cluster[i] < 0 ? {} : { cluster: text[w.cluster[i]] }),
    namespace: text[w.namespace[i]],
    name: text[w.name[i]],
    ...(w.app[i] < 0 ? {} : { app: text[w.app[i]] }),
    ...(w.version[i] < 0 ? {} : { version: text[w.version[i]] }),
  };
}

/** The names of the service in row `i`. */
export function serviceAt(edges: SliceEdges, i: number): EdgeService {
  const { text, services: s } = edges;
  return {
    ...(s.host[i] < 0 ? {} : { host: text[s.host[i]] }),
    ...(s.name[i] < 0 ? {} : { name: text[s.name[i]] }),
    ...(s.namespace[i] < 0 ? {} : { namespace: text[s.namespace[i]] }),
  };
}

/**
 * Rows of one cluster's slices under their labels: a part of a slice, or the
 * sum of several. Equal labels are one row.
 */
export class EdgeTable {
  readonly #workloads = new Interner<EdgeWorkload>();
  readonly #services = new Interner<EdgeService>();
  readonly #rows = new Map<number, Map<number, Row>>();

  /** `chosen`: 1 for rows to take; absent: all. */
  add(edges: SliceEdges, chosen?: ArrayLike<number>): void {
    const workloads = edges.workloads.namespace.map(() => -1);
    const services = edges.services.host.map(() => -1);
    const workloadOf = (i: number) => {
      if (i < 0) return -1;
      if (workloads[i] < 0) {
        const w = workloadAt(edges, i);
        workloads[i] = this.#workloads.of(
          `${w.cluster ?? ''}\n${w.namespace}\n${w.name}\n${w.app ?? ''}\n${
            w.version ?? ''
          }`,
          w,
        );
      }
      return workloads[i];
    };
    const serviceOf = (i: number) => {
      if (i < 0) return -1;
      if (services[i] < 0) {
        const s = serviceAt(edges, i);
        services[i] = this.#services.of(
          `${s.host ?? ''}\n${s.name ?? ''}\n${s.namespace ?? ''}`,
          s,
        );
      }
      return services[i];
    };
    const sumsOf: (EdgeSums | undefined)[] = edges.view.map((view, i) => {
      if (chosen && !chosen[i]) return undefined;
      return this.#row(
        view,
        edges.protocol[i],
        workloadOf(edges.source[i]),
        workloadOf(edges.destination[i]),
        serviceOf(edges.service[i]),
      ).sums;
    });
    addRows(edges, sumsOf);
  }

  #row(
    view: number,
    protocol: number,
    source: number,
    destination: number,
    service: number,
  ): Row {
    const first = (source + 1) * 16 + view * 4 + protocol;
    const second = (destination + 1) * PAIR + service + 1;
    let rows = this.#rows.get(first);
    if (!rows) {
      rows = new Map();
      this.#rows.set(first, rows);
    }
    let row = rows.get(second);
    if (!row) {
      const sums = new EdgeSums();
      row = { view, protocol, source, destination, service, sums };
      rows.set(second, row);
    }
    return row;
  }

  get size(): number {
    let size = 0;
    for (const rows of this.#rows.values()) size += rows.size;
    return size;
  }

  /** As the columns of a slice. */
  toEdges(): SliceEdges {
    const texts = new Interner<string>();
    const text = (value: string | undefined) =>
      value === undefined ? -1 : texts.of(value, value);
    const workloads = this.#workloads.items;
    const services = this.#services.items;
    const rows = [...this.#rows.values()].flatMap(r => [...r.values()]);
    const names = {
      workloads: {
        cluster: workloads.map(w => text(w.cluster)),
        namespace: workloads.map(w => text(w.namespace)),
        name: workloads.map(w => text(w.name)),
        app: workloads.map(w => text(w.app)),
        version: workloads.map(w => text(w.version)),
      },
      services: {
        host: services.map(s => text(s.host)),
        name: services.map(s => text(s.name)),
        namespace: services.map(s => text(s.namespace)),
      },
    };
    return {
      text: [...texts.items],
      ...names,
      view: rows.map(r => r.view),
      protocol: rows.map(r => r.protocol),
      source: rows.map(r => r.source),
      destination: rows.map(r => r.destination),
      service: rows.map(r => r.service),
      ...toColumns(rows.map(r => r.sums)),
    };
  }
}
