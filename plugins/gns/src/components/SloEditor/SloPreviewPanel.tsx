import { Alert, Button, Text } from '@backstage/ui';
import { type SloPreview } from '@isthmus/plugin-gns-common';
import { digitsBeside, shareText, targetText } from '../../slo/numbers';
import { useGnsTranslation } from '../../useGnsTranslation';
import { SloDetailView } from '../SloPage/SloDetailView';
import { useMoment } from '../SloPage/useMoment';
import { DataTable } from '../state/DataTable';
import { SkeletonRows } from '../state/LiveView';
import { SeverityMark } from '../state/SeverityMark';
import { useLanguage } from '../state/RelativeTime';
import styles from './sloEditor.module.css';
import { usePreview } from './usePreview';

/** More alerts than a person reads. */
const MOST_ALERTS = 20;

/** The proposed objective over the stored past, so that nobody guesses a target. */
export function SloPreviewPanel(props: {
  /** As it is written; undefined: it has mistakes. */
  definition: unknown;
  onTarget: (index: number, target: number) => void;
}) {
  const { t } = useGnsTranslation();
  const { preview, current, error, again } = usePreview(props.definition);
  return (
    <section
      className={styles.preview}
      aria-labelledby="gns-slo-preview"
      aria-busy={props.definition !== undefined && !current}
    >
      <Text as="h2" variant="title-small" weight="bold" id="gns-slo-preview">
        {t('sloEdit.preview')}
      </Text>
      <p className={styles.quiet} role="status">
        {stateText()}
      </p>
      {error ? (
        <Alert
          role="alert"
          status="danger"
          icon
          title={t('sloEdit.previewFailed')}
          description={error.message}
          customActions={
            <Button size="small" variant="secondary" onPress={again}>
              {t('common.retry')}
            </Button>
          }
        />
      ) : null}
      {preview ? <Past preview={preview} onTarget={props.onTarget} /> : null}
      {!preview && !error && props.definition !== undefined ? (
        <SkeletonRows rows={3} height={90} />
      ) : null}
    </section>
  );

  function stateText(): string {
    if (props.definition === undefined) return t('sloEdit.previewWaits');
    return current ? t('sloEdit.previewText') : t('sloEdit.previewing');
  }
}

function Past(props: {
  preview: SloPreview;
  onTarget: (index: number, target: number) => void;
}) {
  const { t } = useGnsTranslation();
  const language = useLanguage();
  const moment = useMoment();
  const { preview } = props;
  const { detail, past, alerts, problems } = preview;
  const target = (index: number) => detail?.objectives[index]?.target ?? 99.9;
  const share = (value: number | null, index: number) =>
    shareText(value, language, { digits: digitsBeside(target(index)) }) ??
    t('common.unknown');
  return (
    <div className={styles.column}>
      {problems.map((problem, i) => (
        <p key={i} className={styles.problem}>
          <SeverityMark severity={problem.severity} />
          <span>{`${problem.message} ${problem.remedy}`}</span>
        </p>
      ))}
      {past.length > 0 ? (
        <DataTable
          label={t('sloEdit.past')}
          rows={past.map((row, index) => ({ ...row, index }))}
          rowKey={row => row.objective}
          columns={[
            {
              id: 'objective',
              label: t('slos.objective'),
              cell: row => row.objective,
            },
            {
              id: 'target',
              label: t('sloFields.spec_objectives_target'),
              cell: row => targetText(target(row.index), language),
            },
            {
              id: 'sli',
              label: t('sloEdit.reached'),
              cell: row => share(row.sli, row.index),
            },
            {
              id: 'worst',
              label: t('sloEdit.worstDay'),
              cell: row => share(row.worstDay, row.index),
            },
            {
              id: 'median',
              label: t('sloEdit.medianDay'),
              cell: row => share(row.medianDay, row.index),
            },
            {
              id: 'kept',
              label: t('sloEdit.keptTarget'),
              cell: ({ keptTarget, index }) => {
                if (keptTarget === null) return t('sloEdit.noTarget');
                const text = targetText(keptTarget, language);
                return keptTarget === target(index) ? (
                  t('sloEdit.isTarget', { target: text })
                ) : (
                  <Button
                    size="small"
                    variant="secondary"
                    onPress={() => props.onTarget(index, keptTarget)}
                  >
                    {t('sloEdit.useTarget', { target: text })}
                  </Button>
                );
              },
            },
          ]}
        />
      ) : null}
      {detail ? (
        <p className={styles.quiet}>
          {alerts.length === 0
            ? t('sloEdit.noAlerts')
            : t('sloEdit.alertsPast', { count: alerts.length })}
        </p>
      ) : null}
      {alerts.length > 0 ? (
        <ul className={styles.alerts}>
          {alerts.slice(-MOST_ALERTS).map(alert => (
            <li key={`${alert.severity} ${alert.from}`}>
              {t('sloEdit.alertPast', {
                severity: t(`sloSeverity.${alert.severity}`),
                from: moment(alert.from),
                to: moment(alert.to),
              })}
            </li>
          ))}
        </ul>
      ) : null}
      {detail ? <SloDetailView detail={detail} /> : null}
    </div>
  );
}
