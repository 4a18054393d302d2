import { type SloDetail } from '@isthmus/plugin-gns-common';
import { ChartFrame } from '../../slo/chart/ChartFrame';
import { LineChart } from '../../slo/chart/LineChart';
import { burnText, lengthText, shareText } from '../../slo/numbers';
import { useGnsTranslation } from '../../useGnsTranslation';
import { DataTable } from '../state/DataTable';
import { useLanguage } from '../state/RelativeTime';
import { useMarks } from './useMarks';
import { useMoment } from './useMoment';
import styles from './sloPage.module.css';

const INCLUDE = [0, 2] as const;

/** How fast the budget goes: over time, over the last windows, and as the alert rules see it. */
export function BurnSection(props: { detail: SloDetail; objective: string }) {
  const { t } = useGnsTranslation();
  const language = useLanguage();
  const moment = useMoment();
  const { detail } = props;
  const { burnDown, objectives, rules } = detail;
  const marks = useMarks(detail.events);
  const burn = (value: number | null) =>
    burnText(value, language) ?? t('common.unknown');
  const title = (name: string) =>
    objectives.find(one => one.name === name)?.title ?? name;
  const shown = burnDown.burn.find(one => one.objective === props.objective);
  const windows = objectives[0]?.burn ?? [];
  return (
    <div className={styles.column}>
      <ChartFrame
        title={t('sloPage.burnOverTime')}
        text={t('sloPage.burnText')}
        chart={
          <LineChart
            label={t('sloPage.burnLabel', {
              name: title(props.objective),
              burn: burn(shown?.values[shown.values.length - 1] ?? null),
            })}
            times={burnDown.times}
            series={burnDown.burn.map(one => ({
              id: one.objective,
              values: one.values,
              strong: one.objective === props.objective,
            }))}
            known={burnDown.known}
            marks={marks}
            level={1}
            include={INCLUDE}
            height={170}
            format={value => burnText(value, language) ?? ''}
            describe={i =>
              `${moment(burnDown.times[i])} · ${burn(shown?.values[i] ?? null)}`
            }
          />
        }
        table={() => (
          <DataTable
            label={t('sloPage.burnOverTime')}
            rows={burnDown.times.map((at, i) => ({ at, i })).reverse()}
            rowKey={row => row.at}
            columns={[
              {
                id: 'at',
                label: t('sloPage.time'),
                cell: row => moment(row.at),
              },
              ...burnDown.burn.map(one => ({
                id: one.objective,
                label: title(one.objective),
                cell: (row: { i: number }) => burn(one.values[row.i]),
              })),
            ]}
          />
        )}
      />
      <div className={styles.pair}>
        <DataTable
          label={t('sloPage.burnNow')}
          rows={windows.map((window, i) => ({ ...window, i }))}
          rowKey={row => String(row.windowSeconds)}
          columns={[
            {
              id: 'window',
              label: t('sloPage.lastTime'),
              cell: row => lengthText(row.windowSeconds, language),
            },
            ...objectives.map(one => ({
              id: one.name,
              label: one.title ?? one.name,
              cell: (row: { i: number }) => burn(one.burn[row.i]?.burn ?? null),
            })),
            {
              id: 'known',
              label: t('sloPage.coverage'),
              cell: row =>
                shareText(row.coverage, language, { digits: 0 }) ??
                t('common.unknown'),
            },
          ]}
        />
        <div className={styles.column}>
          <DataTable
            label={t('sloPage.rules')}
            rows={rules}
            rowKey={row => `${row.severity} ${row.longSeconds}`}
            columns={[
              {
                id: 'rule',
                label: t('sloPage.rules'),
                cell: row =>
                  t('sloPage.rule', {
                    severity: t(`sloSeverity.${row.severity}`),
                    factor: burn(row.factor),
                    long: lengthText(row.longSeconds, language),
                    short: lengthText(row.shortSeconds, language),
                  }),
              },
              {
                id: 'now',
                label: t('sloPage.now'),
                cell: row => `${burn(row.longBurn)} / ${burn(row.shortBurn)}`,
              },
              {
                id: 'state',
                label: t('slos.state'),
                cell: row => t(`sloRule.${row.state}`),
              },
            ]}
          />
          {detail.rulesDerived ? (
            <p className={styles.quiet}>{t('sloPage.rulesDerived')}</p>
          ) : null}
          {detail.rulesCapped ? (
            <p className={styles.quiet}>{t('sloPage.rulesCapped')}</p>
          ) : null}
        </div>
      </div>
    </div>
  );
}
