/**
 * Which seconds of a period's cells are known of one global namespace in one
 * cluster: row '' of `gns_increments`.
 */
export interface KnownCells {
  /** As servers saw it, by cell. */
  readonly server: number[];
  /** As clients saw it: 0 where a namespace of members was not scraped. */
  readonly client: number[];
  /** By service whose own namespace was not scraped, by cell: seconds of `server` in which its servers saw nothing. */
  readonly blind: Record<string, Record<string, number>>;
}

export function emptyKnown(cells: number): KnownCells {
  return {
    server: new Array(cells).fill(0),
    client: new Array(cells).fill(0),
    blind: {},
  };
}

export function encodeKnown(known: KnownCells): Buffer {
  return Buffer.from(JSON.stringify(known));
}

export function decodeKnown(stored: Buffer): KnownCells {
  return JSON.parse(stored.toString());
}

/** Says of a cell for how long the servers of which services were blind. */
export function setBlind(
  known: KnownCells,
  cell: number,
  seconds: ReadonlyMap<string, number>,
): void {
  for (const [service, cells] of Object.entries(known.blind)) {
    delete cells[cell];
    if (Object.keys(cells).length === 0) delete known.blind[service];
  }
  for (const [service, blind] of seconds) {
    (known.blind[service] ??= {})[cell] = blind;
  }
}

/** Seconds of a cell in which the servers of a service were scraped. */
export function serverSeconds(
  known: KnownCells,
  service: string,
  cell: number,
): number {
  return known.server[cell] - (known.blind[service]?.[cell] ?? 0);
}
