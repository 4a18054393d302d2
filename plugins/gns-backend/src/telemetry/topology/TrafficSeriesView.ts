import { InputError } from '@backstage/errors';
import type { SeriesGroup, TrafficSeries } from '@isthmus/plugin-gns-common';
import { ceilTo, floorTo, HOUR, isoOf, MINUTE, QUARTER } from '../time';
import { seriesOf, type SeriesStep } from './seriesOf';
import { SubjectMatcher, type Subject } from './subject';
import type { LoadedWindow, TrafficView } from './TrafficView';
import { chooseSlices, KnownTimes, type StoredSlice } from './window';
import { WindowFold } from './WindowFold';

export interface SeriesRequest {
  readonly subject: Subject;
  /** As it was asked for. */
  readonly subjectId: string;
  readonly at?: string;
  /** Seconds. */
  readonly range: number;
  readonly step?: 60 | 300 | 900 | 3600;
  readonly groupBy: SeriesGroup;
}

export const MAX_POINTS = 720;
const STEPS = [MINUTE, 300, QUARTER, HOUR] as const;
/** Slices that are decoded at a time. */
const BATCH = 150;

/** The shortest step with at most 200 points. */
export function defaultStep(range: number): (typeof STEPS)[number] {
  return STEPS.find(step => range / step <= 200) ?? HOUR;
}

/** One edge, node or service over time. */
export class TrafficSeriesView {
  readonly #traffic: TrafficView;

  constructor(traffic: TrafficView) {
    this.#traffic = traffic;
  }

  /** @throws InputError when the range has too many points, or is not kept */
  async series(gns: string, request: SeriesRequest): Promise<TrafficSeries> {
    const step = request.step ?? defaultStep(request.range);
    const points = ceilTo(request.range, step) / step;
    if (points > MAX_POINTS) {
      throw new InputError(
        `query.step: ${request.range} s in steps of ${step} s are ${points} points. At most ${MAX_POINTS} are answered: take a longer step or a shorter range`,
      );
    }
    const loaded = await this.#traffic.window(
      gns,
      { at: request.at, window: points * step },
      { edges: false },
    );
    const { context } = await this.#traffic.scenery(gns);
    const matcher = new SubjectMatcher(request.subject, context);
    // Steps stand on whole multiples, so that a refresh moves no point.
    const to = floorTo(loaded.window.to, step);
    const from = to - points * step;
    const stored = await this.#traffic.store.heads(gns, { from, to });
    const steps: SeriesStep[] = [];
    const perStep = Array.from({ length: points }, (_, i) => {
      const stretch = { from: from + i * step, to: from + (i + 1) * step };
      return {
        stretch,
        slices: chooseSlices(near(stored, stretch), stretch),
      };
    });
    for (let first = 0; first < points; ) {
      let last = first;
      let size = 0;
      while (last < points && (size === 0 || size < BATCH)) {
        size += perStep[last].slices.length;
        last += 1;
      }
      const batch = perStep.slice(first, last);
      const all = await this.#traffic.store.load(
        gns,
        batch.flatMap(s => s.slices),
      );
      const byVersion = new Map(all.map(s => [s.version, s]));
      for (const { slices } of batch) {
        const known = new KnownTimes(slices);
        const fold = new WindowFold({
          gns,
          directory: loaded.directory,
          known,
          wanted: edge => matcher.matches(edge),
        });
        fold.add(slices.map(s => byVersion.get(s.version)!));
        steps.push({
          edges: fold.edges(),
          known: this.#knownShare(request.subject, loaded, known, gns) / step,
        });
      }
      first = last;
    }
    return {
      subject: request.subjectId,
      direction:
        request.subject.type === 'edge' ? 'along' : request.subject.direction,
      from: isoOf(from),
      to: isoOf(to),
      stepSeconds: step,
      groupBy: request.groupBy,
      times: perStep.map(s => isoOf(s.stretch.from)),
      ...seriesOf(steps, matcher, request.groupBy, step),
      coverage: loaded.coverage,
    };
  }

  /** Seconds that are known where the subject is: an edge where it starts, else where it runs; a service on average. */
  #knownShare(
    subject: Subject,
    { directory }: LoadedWindow,
    known: KnownTimes,
    gns: string,
  ): number {
    const id = subject.type === 'edge' ? subject.source : undefined;
    const node = subject.type === 'node' ? subject.node : id;
    const cluster = node && directory.clusterNamed(node.split('/')[1] ?? '');
    const clusters = cluster ? [cluster] : [...directory.membersOf(gns).keys()];
    if (clusters.length === 0) return 0;
    return (
      clusters.reduce((sum, c) => sum + known.seconds(c), 0) / clusters.length
    );
  }
}

/** Slices that may touch a stretch: `stored` is long, and most of it lies elsewhere. */
function near(
  stored: readonly StoredSlice[],
  { from, to }: { from: number; to: number },
): StoredSlice[] {
  return stored.filter(
    s =>
      s.start < ceilTo(to, QUARTER) &&
      s.start + s.seconds > floorTo(from, QUARTER),
  );
}
