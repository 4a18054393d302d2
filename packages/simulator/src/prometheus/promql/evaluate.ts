import { keyOf, withoutName, type Labels } from './labels';
import {
  wholly,
  type AggregateNode,
  type BinaryNode,
  type CallNode,
  type LabelMatcher,
  type Node,
  type SelectorNode,
} from './parse';
import { extrapolatedIncrease } from './increase';
import { QueryError } from './tokens';

/** One sample; time in seconds. */
export interface Sample {
  readonly t: number;
  readonly v: number;
}

/** A series whose samples can be asked for. */
export interface StoredSeries {
  readonly labels: Labels;
  /** Samples in (after, until], ascending. */
  between(after: number, until: number): readonly Sample[];
  /** The last of them, when that is cheaper to find. */
  lastBetween(after: number, until: number): Sample | undefined;
}

/** Where series come from. */
export interface SeriesStore {
  select(matchers: readonly LabelMatcher[]): readonly StoredSeries[];
}

export interface Element {
  readonly labels: Labels;
  readonly value: number;
}
export type Vector = readonly Element[];

/** How far back an instant selector looks, seconds. */
const LOOKBACK = 300;

/** Evaluates one query at many times: what does not depend on the time is found once. */
export class Evaluation {
  readonly #selected = new Map<SelectorNode, readonly StoredSeries[]>();
  readonly #replaced = new Map<CallNode, WeakMap<Labels, Labels>>();
  readonly #groups = new Map<AggregateNode, WeakMap<Labels, Labels>>();
  readonly #shared = new Map<AggregateNode, Map<string, Labels>>();

  constructor(private readonly store: SeriesStore) {}

  /** @throws QueryError */
  at(node: Node, time: number): Vector {
    switch (node.type) {
      case 'selector':
        return this.#instant(node, time);
      case 'call':
        return this.#call(node, time);
      case 'aggregate':
        return this.#aggregate(node, time);
      case 'binary':
        return this.#binary(node, time);
      default:
        throw new QueryError(
          `parse error: expected type instant vector, got ${node.type}`,
        );
    }
  }

  #series(node: SelectorNode): readonly StoredSeries[] {
    let found = this.#selected.get(node);
    if (!found) {
      found = this.store.select(node.matchers);
      this.#selected.set(node, found);
    }
    return found;
  }

  #lasts(
    node: SelectorNode,
    time: number,
    read: (sample: Sample) => number,
    window: number,
  ): Element[] {
    const until = time - node.offset;
    const vector: Element[] = [];
    for (const series of this.#series(node)) {
      const last = series.lastBetween(until - window, until);
      if (last) vector.push({ labels: series.labels, value: read(last) });
    }
    return vector;
  }

  #instant(node: SelectorNode, time: number): Vector {
    if (node.range > 0) {
      throw new QueryError('invalid expression type "range vector"');
    }
    return this.#lasts(node, time, sample => sample.v, LOOKBACK);
  }

  #call(node: CallNode, time: number): Vector {
    const [first] = node.args;
    if (node.name === 'label_replace') return this.#replace(node, time);
    if (node.name === 'label_join') return this.#join(node, time);
    if (first.type !== 'selector') {
      throw new QueryError(
        `parse error: ${node.name} takes a selector in this simulator`,
      );
    }
    if (node.name === 'timestamp') {
      return this.#lasts(first, time, sample => sample.t, LOOKBACK).map(
        ({ labels, value }) => ({ labels: withoutName(labels), value }),
      );
    }
    if (first.range === 0) {
      throw new QueryError(
        `parse error: expected type range vector in call to function "${node.name}", got instant vector`,
      );
    }
    if (node.name === 'last_over_time') {
      return this.#lasts(first, time, sample => sample.v, first.range);
    }
    const until = time - first.offset;
    const after = until - first.range;
    const vector: Element[] = [];
    for (const series of this.#series(first)) {
      const samples = series.between(after, until);
      if (samples.length === 0) continue;
      const labels = withoutName(series.labels);
      if (node.name === 'count_over_time') {
        vector.push({ labels, value: samples.length });
        continue;
      }
      const rise = extrapolatedIncrease(samples, after, until);
      if (rise === undefined) continue;
      vector.push({
        labels,
        value: node.name === 'rate' ? rise / first.range : rise,
      });
    }
    return vector;
  }

  #cacheOf(node: CallNode): WeakMap<Labels, Labels> {
    let known = this.#replaced.get(node);
    if (!known) {
      known = new WeakMap();
      this.#replaced.set(node, known);
    }
    return known;
  }

  #join(node: CallNode, time: number): Vector {
    const [over, ...texts] = node.args;
    const [target, separator, ...sources] = texts.map(stringIn);
    const cache = this.#cacheOf(node);
    return this.at(over, time).map(({ labels, value }) => {
      let next = cache.get(labels);
      if (!next) {
        const text = sources.map(name => labels[name] ?? '').join(separator);
        next = { ...labels, [target]: text };
        cache.set(labels, next);
      }
      return { labels: next, value };
    });
  }

  #replace(node: CallNode, time: number): Vector {
    const [over, ...texts] = node.args;
    const [target, replacement, source, pattern] = texts.map(stringIn);
    const regex = wholly(pattern);
    const cache = this.#cacheOf(node);
    return this.at(over, time).map(({ labels, value }) => {
      let next = cache.get(labels);
      if (!next) {
        const match = regex.exec(labels[source] ?? '');
        next = labels;
        if (match) {
          const text = replacement.replace(
            /\$(?:\$|(\d+)|\{(\d+)\})/g,
            (whole, a, b) =>
              whole === '$$' ? '$' : match[Number(a ?? b)] ?? '',
          );
          const { [target]: _, ...rest } = labels;
          next = text === '' ? rest : { ...rest, [target]: text };
        }
        cache.set(labels, next);
      }
      return { labels: next, value };
    });
  }

  #aggregate(node: AggregateNode, time: number): Vector {
    let groups = this.#groups.get(node);
    let shared = this.#shared.get(node);
    if (!groups || !shared) {
      groups = new WeakMap();
      shared = new Map();
      this.#groups.set(node, groups);
      this.#shared.set(node, shared);
    }
    const sums = new Map<Labels, number>();
    for (const { labels, value } of this.at(node.over, time)) {
      let group = groups.get(labels);
      if (!group) {
        const own = groupOf(node, labels);
        const key = keyOf(own);
        group = shared.get(key) ?? own;
        shared.set(key, group);
        groups.set(labels, group);
      }
      const before = sums.get(group);
      sums.set(group, combine(node.name, before, value));
    }
    return [...sums].map(([labels, value]) => ({ labels, value }));
  }

  #binary(node: BinaryNode, time: number): Vector {
    const { operator, left, right } = node;
    if (right.type === 'number') {
      const limit = right.value;
      const vector = this.at(left, time);
      if (operator === '>') return vector.filter(e => e.value > limit);
      if (operator === '>=') return vector.filter(e => e.value >= limit);
      throw new QueryError(
        `this simulator knows no ${operator} between a vector and a number`,
      );
    }
    const key = node.on
      ? (labels: Labels) => node.on!.map(name => labels[name] ?? '').join('\n')
      : keyOf;
    const a = this.at(left, time);
    const b = this.at(right, time);
    const of = (vector: Vector) => new Set(vector.map(e => key(e.labels)));
    switch (operator) {
      case 'and': {
        const has = of(b);
        return a.filter(e => has.has(key(e.labels)));
      }
      case 'unless': {
        const has = of(b);
        return a.filter(e => !has.has(key(e.labels)));
      }
      case 'or': {
        if (b.length === 0) return a;
        const has = of(a);
        return [...a, ...b.filter(e => !has.has(key(e.labels)))];
      }
      case '-': {
        const values = new Map(b.map(e => [key(e.labels), e.value]));
        return a.flatMap(({ labels, value }) => {
          const other = values.get(key(labels));
          return other === undefined
            ? []
            : [{ labels: withoutName(labels), value: value - other }];
        });
      }
      default:
        throw new QueryError(
          `this simulator knows no ${operator} between two vectors`,
        );
    }
  }
}

function stringIn(node: Node): string {
  if (node.type !== 'string') {
    throw new QueryError('parse error: expected type string');
  }
  return node.value;
}

function groupOf({ grouping, labels: names }: AggregateNode, labels: Labels) {
  if (grouping === 'by') {
    return Object.fromEntries(
      names.filter(name => labels[name]).map(name => [name, labels[name]]),
    );
  }
  return Object.fromEntries(
    Object.entries(labels).filter(
      ([name]) => name !== '__name__' && !names.includes(name),
    ),
  );
}

function combine(
  name: AggregateNode['name'],
  before: number | undefined,
  value: number,
): number {
  if (name === 'count') return (before ?? 0) + 1;
  if (before === undefined) return value;
  return name === 'sum' ? before + value : Math.max(before, value);
}
