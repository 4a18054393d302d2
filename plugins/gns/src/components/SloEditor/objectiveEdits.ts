import { isRecord } from '../../editing/same';

export const INDICATORS = [
  'availability',
  'latency',
  'availabilityAndLatency',
  'throughput',
] as const;

const THRESHOLD = '500ms';
const SLICE = { good: 99 };

/** An objective with another indicator: what no longer applies goes, what is needed comes. */
export function withIndicator(
  objective: Record<string, unknown>,
  type: string,
  slices: boolean,
): Record<string, unknown> {
  const { indicator, slice, ...rest } = objective;
  const before = isRecord(indicator) ? indicator : {};
  const timed = type === 'latency' || type === 'availabilityAndLatency';
  const sliced = slices && type !== 'throughput';
  return {
    ...rest,
    indicator: {
      type,
      ...(timed ? { threshold: before.threshold ?? THRESHOLD } : {}),
      ...(timed && before.betweenEdges !== undefined
        ? { betweenEdges: before.betweenEdges }
        : {}),
      ...(type === 'throughput' ? { floor: before.floor ?? 1 } : {}),
    },
    ...(sliced ? { slice: slice ?? SLICE } : {}),
  };
}

/** Objectives when another method judges them: with slices each says which share makes one good. */
export function withMethod(
  objectives: readonly unknown[],
  slices: boolean,
): unknown[] {
  return objectives.map(objective => {
    if (!isRecord(objective)) return objective;
    const { indicator } = objective;
    const type = isRecord(indicator) ? String(indicator.type) : '';
    return withIndicator(
      objective,
      // A floor holds for stretches of time only.
      !slices && type === 'throughput' ? 'availability' : type,
      slices,
    );
  });
}

/** One more, with a name that is free. */
export function freshObjective(
  objectives: readonly unknown[],
  slices: boolean,
): Record<string, unknown> {
  const names = new Set(
    objectives.map(one => (isRecord(one) ? String(one.name) : '')),
  );
  const free = ['available', 'fast'].find(name => !names.has(name));
  let count = objectives.length + 1;
  while (names.has(`objective-${count}`)) count += 1;
  const name = free ?? `objective-${count}`;
  return withIndicator(
    { name, target: name === 'available' ? 99.9 : 99 },
    name === 'fast' ? 'latency' : 'availability',
    slices,
  );
}
