import {
  parseDefinition,
  type ServiceLevelObjective,
} from '@isthmus/plugin-gns-common';
import { isObjective } from '../slo/checkObjectives';

/** Availability of 99 %. */
export const AVAILABLE = {
  name: 'ok',
  target: 99,
  indicator: { type: 'availability' },
};

/** A document as it is sent. */
export const objectiveDocument = (
  spec: Record<string, unknown> = {},
  metadata: Record<string, unknown> = {},
) => ({
  apiVersion: 'gns.isthmus.dev/v1',
  kind: 'ServiceLevelObjective',
  metadata: { gns: 'shop', name: 'checkout', ...metadata },
  spec: { services: ['checkout'], objectives: [AVAILABLE], ...spec },
});

/** The same, parsed. */
export function objectiveOf(
  spec: Record<string, unknown> = {},
  metadata: Record<string, unknown> = {},
): ServiceLevelObjective {
  const parsed = parseDefinition(objectiveDocument(spec, metadata));
  if (!parsed.ok || !isObjective(parsed.definition)) {
    throw new Error(JSON.stringify(parsed));
  }
  return parsed.definition;
}
