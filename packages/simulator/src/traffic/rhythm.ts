const DAY = 86_400;
const TURN = 2 * Math.PI;

interface Wave {
  readonly amplitude: number;
  readonly period: number;
  readonly phase: number;
}

/** A number in [0, 1) that is always the same for a text. */
export function lot(text: string): number {
  let hash = 2_166_136_261;
  for (let i = 0; i < text.length; i += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 16_777_619);
  }
  // A last stir: texts that differ in their end alone lie far apart.
  hash = Math.imul(hash ^ (hash >>> 15), 2_246_822_519);
  return ((hash ^ (hash >>> 13)) >>> 0) / 2 ** 32;
}

/**
 * How lively a flow is over time: a day's curve with its peak in the evening,
 * a week's, and noise. Its average is 1 and it is never below 0. All of it is waves,
 * so that the sum of any stretch is known without going through it.
 */
export class Rhythm {
  readonly #waves: readonly Wave[];
  readonly #cache = new Map<number, number>();

  /** `hoursEast`: of Greenwich, for the hour of the peak. */
  constructor(seed: string, hoursEast: number) {
    const peak = (19 - hoursEast) / 24;
    const noise = (amplitude: number, period: number, name: string) => ({
      amplitude,
      period: period * (0.85 + 0.3 * lot(`${seed} ${name} period`)),
      phase: TURN * lot(`${seed} ${name}`),
    });
    this.#waves = [
      { amplitude: 0.5, period: DAY, phase: TURN * (0.25 - peak) },
      { amplitude: 0.12, period: DAY / 2, phase: TURN * (0.25 - 2 * peak) },
      { amplitude: 0.08, period: 7 * DAY, phase: 0 },
      noise(0.07, 6_600, 'slow'),
      noise(0.06, 1_500, 'middle'),
      noise(0.08, 420, 'quick'),
      noise(0.05, 130, 'nervous'),
    ];
  }

  /** The liveliness at a time, seconds. */
  at(time: number): number {
    return this.#waves.reduce(
      (sum, w) =>
        sum + w.amplitude * Math.sin((TURN * time) / w.period + w.phase),
      1,
    );
  }

  /** The liveliness summed from 0 to a time. */
  sumTo(time: number): number {
    const known = this.#cache.get(time);
    if (known !== undefined) return known;
    let sum = time;
    for (const { amplitude, period, phase } of this.#waves) {
      const angle = (TURN * time) / period + phase;
      sum +=
        ((amplitude * period) / TURN) * (Math.cos(phase) - Math.cos(angle));
    }
    if (this.#cache.size > 20_000) this.#cache.clear();
    this.#cache.set(time, sum);
    return sum;
  }
}
