import type { HubFor } from '../hub/Hub';
import { realTiming, type Timing } from '../onboarding/waitFor';
import { createApplyDefinitionAction } from './applyDefinitionAction';
import { createDeleteDefinitionAction } from './deleteDefinitionAction';
import { createOnboardServiceAction } from './onboardServiceAction';
import { createPlanAction } from './planAction';
import { createWaitAction } from './waitAction';

/** All actions of the module. */
export function createActions(options: { hubFor: HubFor; timing?: Timing }) {
  const { hubFor, timing = realTiming } = options;
  return [
    createPlanAction({ hubFor }),
    createApplyDefinitionAction({ hubFor }),
    createDeleteDefinitionAction({ hubFor }),
    createOnboardServiceAction({ hubFor, timing }),
    createWaitAction({ hubFor, timing }),
  ] as const;
}
