import { Alert } from '@backstage/ui';
import { type SloDetail } from '@isthmus/plugin-gns-common';
import { shareText } from '../../slo/numbers';
import { useComplianceText } from '../../slo/words';
import { useGnsTranslation } from '../../useGnsTranslation';
import { useElapsed, useExactTime, useLanguage } from '../state/RelativeTime';
import styles from './sloPage.module.css';

/** What the reader must know before reading a number: what is unknown, what is forecast, what is on. */
export function SloNotices(props: { detail: SloDetail }) {
  const { t } = useGnsTranslation();
  const language = useLanguage();
  const elapsed = useElapsed();
  const exact = useExactTime();
  const compliance = useComplianceText();
  const { summary, dataFrom } = props.detail;
  const { state, silentClusters } = summary;
  const silent =
    silentClusters.length > 0
      ? t('sloPage.silent', {
          names: new Intl.ListFormat(language).format(silentClusters),
        })
      : '';
  const known = shareText(summary.coverage, language, { digits: 1 });
  const short =
    dataFrom !== null && Date.parse(dataFrom) > Date.parse(summary.from);
  const part = known === undefined ? '' : t('sloPage.known', { share: known });
  return (
    <div className={styles.notices}>
      {summary.alerts.map(alert => (
        <Alert
          key={alert.severity}
          status={alert.severity === 'page' ? 'danger' : 'warning'}
          icon
          title={t(`sloAlert.${alert.severity}`)}
          description={t('sloPage.alertText', {
            duration: elapsed(alert.since),
          })}
        />
      ))}
      {state === 'indeterminate' ? (
        <Alert
          status="warning"
          icon
          title={t('sloPage.indeterminate')}
          description={[
            t('sloPage.indeterminateText', {
              range: compliance(summary).value,
            }),
            part,
            silent,
          ].join(' ')}
        />
      ) : null}
      {state === 'noData' ? (
        <Alert
          status="warning"
          icon
          title={t('sloPage.noData')}
          description={[t('sloPage.noDataText'), silent].join(' ')}
        />
      ) : null}
      {state === 'noTraffic' ? (
        <Alert
          status="info"
          icon
          title={t('sloPage.noTraffic')}
          description={t('sloPage.noTrafficText')}
        />
      ) : null}
      {summary.partial && state !== 'indeterminate' && state !== 'noData' ? (
        <Alert
          status="info"
          icon
          title={t('sloPage.partial')}
          description={[part, silent].join(' ')}
        />
      ) : null}
      {short ? (
        <Alert
          status="info"
          icon
          title={t('sloPage.young', { time: exact(dataFrom) })}
          description={t('sloPage.youngText')}
        />
      ) : null}
      {summary.budget.forecast ? (
        <Alert
          status="info"
          icon
          title={t('sloPage.forecast')}
          description={t('sloPage.forecastText')}
        />
      ) : null}
    </div>
  );
}
