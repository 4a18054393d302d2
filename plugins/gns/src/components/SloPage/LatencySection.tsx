import { Text } from '@backstage/ui';
import { type SloDetail } from '@isthmus/plugin-gns-common';
import chart from '../../slo/chart/chart.module.css';
import { latencyPicture, type LatencyRow } from '../../slo/chart/latencyRows';
import { countText, durationText, shareText } from '../../slo/numbers';
import { useGnsTranslation } from '../../useGnsTranslation';
import { DataTable } from '../state/DataTable';
import { useLanguage } from '../state/RelativeTime';
import styles from './sloPage.module.css';

/** How long answers took: a table whose cells are bars. Slow ones and failed ones have a colour and a number of their own. */
export function LatencySection(props: {
  detail: SloDetail;
  objective: string;
}) {
  const { t } = useGnsTranslation();
  const language = useLanguage();
  const { latency, objectives } = props.detail;
  if (!latency) return null;
  const { rows, total, percentiles } = latencyPicture(latency);
  const threshold = (
    objectives.find(one => one.name === props.objective && one.threshold) ??
    objectives.find(one => one.threshold)
  )?.threshold;
  const widest = Math.max(...rows.map(row => row.share), 0);
  const duration = (ms: number) => durationText(ms, language);
  const isSlow = (row: LatencyRow) =>
    threshold !== undefined && row.fromMs >= (threshold.lowMs ?? Infinity);
  return (
    <section className={styles.column}>
      <Text as="h3" variant="title-x-small" weight="bold">
        {t('sloPage.latency')}
      </Text>
      {rows.length === 0 ? (
        <p className={styles.quiet}>{t('sloPage.latencyNone')}</p>
      ) : (
        <>
          <p className={styles.quiet}>
            {[
              ...percentiles.map(({ percent, withinMs }) =>
                withinMs === null
                  ? t('sloPage.percentileAbove', { percent: String(percent) })
                  : t('sloPage.percentile', {
                      percent: String(percent),
                      duration: duration(withinMs),
                    }),
              ),
              ...(threshold
                ? [
                    t('sloPage.threshold', {
                      duration: duration(threshold.askedMs),
                    }),
                  ]
                : []),
            ].join(' · ')}
          </p>
          <DataTable
            label={t('sloPage.latency')}
            rows={rows}
            rowKey={row => String(row.fromMs)}
            columns={[
              {
                id: 'within',
                label: t('sloPage.within'),
                cell: row =>
                  row.toMs === null
                    ? t('sloPage.above', { duration: duration(row.fromMs) })
                    : duration(row.toMs),
              },
              {
                id: 'bar',
                label: t('sloPage.requests'),
                cell: row => (
                  <div className={chart.bars} aria-hidden>
                    <span
                      className={isSlow(row) ? chart.barSlow : chart.barOk}
                      style={{
                        width: `${(row.ok / total / (widest || 1)) * 100}%`,
                      }}
                    />
                    <span
                      className={chart.barFailed}
                      style={{
                        width: `${(row.failed / total / (widest || 1)) * 100}%`,
                      }}
                    />
                  </div>
                ),
              },
              {
                id: 'share',
                label: t('sloPage.share'),
                cell: row =>
                  shareText(row.share, language, { digits: 2 }) ?? '',
              },
              {
                id: 'failed',
                label: t('sloPage.failed'),
                cell: row => countText(row.failed, language),
              },
            ]}
          />
        </>
      )}
    </section>
  );
}
