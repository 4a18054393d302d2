import { z } from 'zod';

/** What can go wrong in the demo, and what people see of it. */
export const INCIDENTS = {
  'slow-payment':
    'payment takes seconds, some calls run out of time; checkout and its callers feel it',
  'failing-zone': 'what runs in the first zone of aws-frankfurt answers 503',
  'silent-cluster':
    'the Prometheus of gcp-tokyo answers nobody: its traffic is unknown until it is back',
  'broken-certificate':
    'calls between edge-osaka and the other clusters fail in the TLS handshake',
} as const;
export type IncidentKind = keyof typeof INCIDENTS;
export const INCIDENT_KINDS = Object.keys(INCIDENTS) as IncidentKind[];

/** One incident, Unix seconds; without an end it goes on. */
export interface Incident {
  readonly kind: IncidentKind;
  readonly from: number;
  readonly to?: number;
}

export const incidentsSchema = z.array(
  z.object({
    kind: z.enum(INCIDENT_KINDS as [IncidentKind, ...IncidentKind[]]),
    from: z.number(),
    to: z.number().optional(),
  }),
);

/** Long over: nobody asks for this time any more. */
const FORGOTTEN_SECONDS = 30 * 86_400;

/** What went wrong when, and what does now. */
export class Incidents {
  #all: readonly Incident[];
  readonly #listeners = new Set<() => void>();

  constructor(
    all: readonly Incident[] = [],
    private readonly now: () => number = () => Date.now() / 1000,
  ) {
    this.#all = all;
  }

  get all(): readonly Incident[] {
    return this.#all;
  }

  isOn(kind: IncidentKind, at = this.now()): boolean {
    return this.#all.some(
      i => i.kind === kind && i.from <= at && (i.to === undefined || i.to > at),
    );
  }

  /** Nothing changes when it is as wanted. */
  set(kind: IncidentKind, on: boolean): void {
    const at = this.now();
    if (this.isOn(kind, at) === on) return;
    const kept = this.#all.filter(
      i => i.to === undefined || i.to > at - FORGOTTEN_SECONDS,
    );
    this.#all = on
      ? [...kept, { kind, from: at }]
      : kept.map(i =>
          i.kind === kind && i.to === undefined ? { ...i, to: at } : i,
        );
    for (const listener of this.#listeners) listener();
  }

  onChange(listener: () => void): void {
    this.#listeners.add(listener);
  }

  /** Times at which something began or ended, ascending. */
  turns(): number[] {
    const times = this.#all.flatMap(i =>
      i.to === undefined ? [i.from] : [i.from, i.to],
    );
    return [...new Set(times)].sort((a, b) => a - b);
  }
}
