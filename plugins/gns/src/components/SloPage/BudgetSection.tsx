import { type SloDetail } from '@isthmus/plugin-gns-common';
import { ChartFrame } from '../../slo/chart/ChartFrame';
import { LineChart } from '../../slo/chart/LineChart';
import { budgetText, shareText } from '../../slo/numbers';
import { useGnsTranslation } from '../../useGnsTranslation';
import { DataTable } from '../state/DataTable';
import { useLanguage } from '../state/RelativeTime';
import { useMarks } from './useMarks';
import { useMoment } from './useMoment';

const INCLUDE = [0, 1] as const;

/** What was left of the budget over the window, with what happened. */
export function BudgetSection(props: { detail: SloDetail; objective: string }) {
  const { t } = useGnsTranslation();
  const language = useLanguage();
  const moment = useMoment();
  const { burnDown, events, objectives } = props.detail;
  const marks = useMarks(events);
  const changed = events.some(event => event.judgement);
  const left = (value: number | null) =>
    budgetText(value, language) ?? t('common.unknown');
  const shown = burnDown.remaining.find(
    one => one.objective === props.objective,
  );
  const title = (name: string) =>
    objectives.find(one => one.name === name)?.title ?? name;
  return (
    <ChartFrame
      title={t('sloPage.burnDown')}
      text={changed ? t('sloPage.burnDownChanged') : t('sloPage.burnDownText')}
      chart={
        <LineChart
          label={t('sloPage.burnDownLabel', {
            name: title(props.objective),
            left: left(shown?.values[shown.values.length - 1] ?? null),
          })}
          times={burnDown.times}
          series={burnDown.remaining.map(one => ({
            id: one.objective,
            values: one.values,
            strong: one.objective === props.objective,
          }))}
          known={burnDown.known}
          marks={marks}
          level={0}
          include={INCLUDE}
          format={value => budgetText(value, language) ?? ''}
          describe={i =>
            `${moment(burnDown.times[i])} · ${left(shown?.values[i] ?? null)}`
          }
        />
      }
      table={() => (
        <DataTable
          label={t('sloPage.burnDown')}
          rows={burnDown.times.map((at, i) => ({ at, i })).reverse()}
          rowKey={row => row.at}
          columns={[
            { id: 'at', label: t('sloPage.time'), cell: row => moment(row.at) },
            ...burnDown.remaining.map(one => ({
              id: one.objective,
              label: title(one.objective),
              cell: (row: { i: number }) => left(one.values[row.i]),
            })),
            {
              id: 'known',
              label: t('sloPage.coverage'),
              cell: row =>
                shareText(burnDown.known[row.i], language, { digits: 0 }) ??
                t('common.unknown'),
            },
          ]}
        />
      )}
    />
  );
}
