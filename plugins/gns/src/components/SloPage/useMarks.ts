import { useMemo } from 'react';
import { type SloEvent } from '@isthmus/plugin-gns-common';
import { type ChartMark } from '../../slo/chart/LineChart';
import { useGnsTranslation } from '../../useGnsTranslation';

/** Events as marks of a chart; words of a definition are not worth a line. */
export function useMarks(events: readonly SloEvent[]): ChartMark[] {
  const { t } = useGnsTranslation();
  return useMemo(
    () =>
      events
        .filter(({ kind, judgement }) => kind !== 'definition' || judgement)
        .map(event => ({
          at: event.at,
          tone: toneOf(event),
          label: `${t(`sloEvent.${event.kind}`)}: ${event.title}`,
        })),
    [events, t],
  );
}

function toneOf({ kind }: SloEvent): ChartMark['tone'] {
  if (kind === 'definition') return 'change';
  return kind === 'alert' ? 'alert' : 'plain';
}
