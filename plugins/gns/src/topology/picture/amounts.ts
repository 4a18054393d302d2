import {
  type QuantileName,
  type TrafficFigures,
} from '@isthmus/plugin-gns-common';

/** Writes figures in the reader's language. Unknown is never zero: undefined. */
export class Amounts {
  readonly #whole: Intl.NumberFormat;
  readonly #short: Intl.NumberFormat;
  readonly #language: string;

  constructor(language: string) {
    this.#language = language;
    this.#whole = new Intl.NumberFormat(language, { maximumFractionDigits: 0 });
    this.#short = new Intl.NumberFormat(language, {
      maximumSignificantDigits: 3,
      notation: 'compact',
    });
  }

  /** Requests per second; below one in a hundred seconds "<0.01". */
  rate(perSecond: number | null | undefined): string | undefined {
    if (perSecond === null || perSecond === undefined) return undefined;
    if (perSecond > 0 && perSecond < 0.01) {
      return `<${this.#short.format(0.01)}/s`;
    }
    return `${this.#short.format(perSecond)}/s`;
  }

  /** A share; what is neither none nor all never reads as 0 % or 100 %. */
  share(value: number | null | undefined): string | undefined {
    if (value === null || value === undefined) return undefined;
    const percent = (digits: number, of: number) =>
      new Intl.NumberFormat(this.#language, {
        style: 'percent',
        maximumFractionDigits: digits,
      }).format(of);
    if (value > 0 && value < 0.0001) return `<${percent(2, 0.0001)}`;
    if (value < 1 && value > 0.9999) return `>${percent(2, 0.9999)}`;
    if (value > 0 && value < 0.01) return percent(2, value);
    return percent(value > 0.1 && value < 0.99 ? 0 : 1, value);
  }

  /** Milliseconds. */
  duration(ms: number | null | undefined, beyond = false): string | undefined {
    if (ms === null || ms === undefined) return undefined;
    const text =
      ms >= 1000
        ? `${this.#short.format(ms / 1000)} s`
        : `${ms < 10 ? this.#short.format(ms) : this.#whole.format(ms)} ms`;
    return beyond ? `>${text}` : text;
  }

  quantile(figures: TrafficFigures, name: QuantileName): string | undefined {
    const { latencyMs } = figures;
    return this.duration(latencyMs[name], latencyMs.beyond.includes(name));
  }

  /** Bytes per second. */
  bytes(perSecond: number | null | undefined): string | undefined {
    if (perSecond === null || perSecond === undefined) return undefined;
    const units = ['B/s', 'kB/s', 'MB/s', 'GB/s'];
    let value = perSecond;
    let unit = 0;
    while (value >= 1000 && unit < units.length - 1) {
      value /= 1000;
      unit += 1;
    }
    return `${this.#short.format(value)} ${units[unit]}`;
  }

  /** The rate, or bytes where only TCP flows. */
  flow(figures: TrafficFigures): string | undefined {
    if (figures.requests === null && figures.tcp) {
      const { bytesToServer, bytesToClient } = figures.tcp;
      return bytesToServer === null && bytesToClient === null
        ? undefined
        : this.bytes((bytesToServer ?? 0) + (bytesToClient ?? 0));
    }
    return this.rate(figures.requests);
  }
}
