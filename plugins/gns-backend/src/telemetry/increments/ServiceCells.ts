import type { Cells } from '../codec/cells';
import { addRows, EdgeSums, toColumns } from '../merge/EdgeSums';

/** 0: as clients saw it, 1: as servers did. */
export type ViewNumber = 0 | 1;

/** The increments of one service in one period, to be changed. */
export class ServiceCells {
  readonly #sums = new Map<number, EdgeSums>();

  static ofStored(cells: Cells): ServiceCells {
    const made = new ServiceCells();
    addRows(
      cells.columns,
      cells.cell.map((cell, i) => made.at(cell, cells.view[i] as ViewNumber)),
    );
    return made;
  }

  get empty(): boolean {
    return this.#sums.size === 0;
  }

  at(cell: number, view: ViewNumber): EdgeSums {
    const key = cell * 2 + view;
    let sums = this.#sums.get(key);
    if (!sums) {
      sums = new EdgeSums();
      this.#sums.set(key, sums);
    }
    return sums;
  }

  get(cell: number, view: ViewNumber): EdgeSums | undefined {
    return this.#sums.get(cell * 2 + view);
  }

  clear(cell: number): void {
    this.#sums.delete(cell * 2);
    this.#sums.delete(cell * 2 + 1);
  }

  /** Replaces a cell by the sum of several of another period. */
  sumOf(
    cell: number,
    from: ServiceCells | undefined,
    cells: readonly number[],
  ) {
    this.clear(cell);
    for (const view of [0, 1] as const) {
      for (const other of cells) {
        const sums = from?.get(other, view);
        if (sums) this.at(cell, view).add(sums);
      }
    }
  }

  toStored(service: string): Cells {
    const keys = [...this.#sums.keys()].sort((a, b) => a - b);
    return {
      services: [service],
      service: keys.map(() => 0),
      view: keys.map(key => key % 2),
      cell: keys.map(key => Math.floor(key / 2)),
      columns: toColumns(keys.map(key => this.#sums.get(key)!)),
    };
  }
}
