import {
  RiAlertFill,
  RiCheckboxCircleFill,
  RiCloseCircleFill,
  RiContrastLine,
  RiQuestionLine,
  RiSubtractLine,
} from '@remixicon/react';
import { type SloState } from '@isthmus/plugin-gns-common';

/** How a state looks: a shape of its own, so that colour is never alone. */
export const SLO_LOOKS = {
  violated: { Icon: RiCloseCircleFill, tone: 'bad' },
  warning: { Icon: RiAlertFill, tone: 'warn' },
  indeterminate: { Icon: RiContrastLine, tone: 'warn' },
  noData: { Icon: RiQuestionLine, tone: 'quiet' },
  healthy: { Icon: RiCheckboxCircleFill, tone: 'good' },
  noTraffic: { Icon: RiSubtractLine, tone: 'quiet' },
} as const satisfies Record<
  SloState,
  { Icon: typeof RiAlertFill; tone: 'good' | 'warn' | 'bad' | 'quiet' }
>;
