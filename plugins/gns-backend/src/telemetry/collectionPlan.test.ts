import {
  collectionPlanSchema,
  DEFAULT_LATENCY_EDGES_MS,
  serviceLevelObjectiveSpecSchema,
} from '@isthmus/plugin-gns-common';
import { collectionPlan } from './collectionPlan';

const latency = (...thresholds: string[]) =>
  serviceLevelObjectiveSpecSchema.parse({
    services: ['stock'],
    objectives: thresholds.map((threshold, i) => ({
      name: `o${i}`,
      target: 99,
      indicator: { type: 'latency', threshold },
    })),
  });

it('collects the usual latency edges, and those of objectives in their place', () => {
  expect(collectionPlan([]).latencyEdgesMs).toEqual(DEFAULT_LATENCY_EDGES_MS);
  const plan = collectionPlan([latency('120ms', '250ms'), latency('1.5s')]);
  expect(plan.latencyEdgesMs).toEqual([
    1, 5, 10, 25, 50, 100, 120, 250, 500, 1000, 1500, 2500, 5000, 10_000,
    30_000, 60_000,
  ]);
  expect(collectionPlanSchema.parse(plan)).toEqual(plan);
});

it('stays within what a controller takes, however many objectives there are', () => {
  const many = Array.from({ length: 30 }, (_, i) =>
    latency(
      ...Array.from({ length: 10 }, (_unused, j) => `${101 + i * 10 + j}ms`),
    ),
  );
  const plan = collectionPlanSchema.parse(collectionPlan(many));
  expect(plan.latencyEdgesMs).toEqual(
    expect.arrayContaining([...DEFAULT_LATENCY_EDGES_MS]),
  );
});
