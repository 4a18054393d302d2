import type { z } from 'zod';
import type { serviceLevelObjectiveSpecSchema } from '../kinds/ServiceLevelObjective';
import { API_VERSION } from '../names';

/** Starting points for an objective. */
export const SLO_TEMPLATES = ['webApi', 'grpc', 'batch', 'tanzu'] as const;
export type SloTemplate = (typeof SLO_TEMPLATES)[number];

type Spec = z.input<typeof serviceLevelObjectiveSpecSchema>;

const SPECS: Record<SloTemplate, Omit<Spec, 'services'>> = {
  /** People wait for it: it must answer, and answer soon. */
  webApi: {
    window: { type: 'rolling', days: 28 },
    objectives: [
      {
        name: 'available',
        target: 99.9,
        indicator: { type: 'availability' },
      },
      {
        name: 'fast',
        target: 99,
        indicator: { type: 'latency', threshold: '500ms' },
      },
    ],
  },
  /** Programs wait for it: late is as bad as failed. */
  grpc: {
    window: { type: 'rolling', days: 28 },
    objectives: [
      {
        name: 'ok-and-fast',
        target: 99.5,
        indicator: { type: 'availabilityAndLatency', threshold: '100ms' },
      },
    ],
  },
  /** Runs now and then; nobody is woken for one bad run, and silence says nothing. */
  batch: {
    method: { type: 'timeSlices', length: '1h', noTraffic: 'ignored' },
    window: { type: 'calendar', period: 'month' },
    objectives: [
      {
        name: 'good-hours',
        target: 98,
        indicator: { type: 'availability' },
        slice: { good: 95 },
      },
    ],
    alerts: { page: false, ticket: true },
  },
  /** As Tanzu Service Mesh counts: time of a month in which every condition holds in every cluster. */
  tanzu: {
    errors: { clientErrors: 'bad' },
    method: { type: 'timeSlices', judge: 'anyCluster' },
    window: { type: 'calendar', period: 'month' },
    combine: 'all',
    objectives: [
      {
        name: 'p99-latency',
        target: 98,
        indicator: { type: 'latency', threshold: '500ms' },
        slice: { good: 99 },
      },
      {
        name: 'error-rate',
        target: 98,
        indicator: { type: 'availability' },
        slice: { good: 99 },
      },
    ],
  },
};

/** A definition to start from, as it would be sent: defaults are left out. */
export function sloFromTemplate(
  template: SloTemplate,
  subject: { gns: string; name: string; services: string[]; owner?: string },
) {
  const { gns, name, services, owner } = subject;
  return {
    apiVersion: API_VERSION,
    kind: 'ServiceLevelObjective' as const,
    metadata: { gns, name, ...(owner ? { owner } : {}) },
    spec: { services, ...structuredClone(SPECS[template]) },
  };
}
