import { Badge, Text } from '@backstage/ui';
import { type SloDetail } from '@isthmus/plugin-gns-common';
import { countText, lengthText, shareText } from '../../slo/numbers';
import { useGnsTranslation } from '../../useGnsTranslation';
import { DataTable } from '../state/DataTable';
import { useLanguage } from '../state/RelativeTime';
import styles from './sloPage.module.css';

/** Which service in which cluster used the budget, most first. */
export function PartsTable(props: { detail: SloDetail }) {
  const { t } = useGnsTranslation();
  const language = useLanguage();
  const { parts, objectives, summary } = props.detail;
  const unit = objectives[0]?.unit ?? 'requests';
  const amount = (value: number) =>
    unit === 'seconds'
      ? lengthText(Math.round(value), language)
      : countText(value, language);
  const several = objectives.length > 1;
  const rows = [...parts].sort((a, b) => b.bad - a.bad);
  const burning = summary.burning?.culprits ?? [];
  return (
    <section className={styles.column}>
      <Text as="h3" variant="title-x-small" weight="bold">
        {t('sloPage.parts')}
      </Text>
      {burning.length > 0 ? (
        <p className={styles.quiet}>
          {t('sloPage.culprits', {
            names: new Intl.ListFormat(language).format(
              burning.map(
                ({ service, cluster, share }) =>
                  `${t('slo.burnsWhere', { service, cluster })} (${
                    shareText(share, language, { digits: 0 }) ?? ''
                  })`,
              ),
            ),
          })}
        </p>
      ) : null}
      <DataTable
        label={t('sloPage.parts')}
        rows={rows}
        rowKey={row => `${row.objective} ${row.service} ${row.cluster}`}
        columns={[
          {
            id: 'cluster',
            label: t('sloPage.cluster'),
            cell: row => (
              <span className={styles.line}>
                {row.cluster}
                {row.silent ? <Badge>{t('sloPage.silentMark')}</Badge> : null}
              </span>
            ),
          },
          {
            id: 'service',
            label: t('sloPage.service'),
            cell: row =>
              several ? `${row.service} (${row.objective})` : row.service,
          },
          {
            id: 'bad',
            label: t('sloPage.bad'),
            cell: row =>
              t('sloPage.badOf', {
                bad: amount(row.bad),
                total: amount(row.total),
              }),
          },
          {
            id: 'known',
            label: t('sloPage.coverage'),
            cell: row =>
              shareText(row.known, language, { digits: 0 }) ??
              t('common.unknown'),
          },
        ]}
      />
    </section>
  );
}
