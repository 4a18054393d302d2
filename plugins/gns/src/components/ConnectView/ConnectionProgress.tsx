import { Alert } from '@backstage/ui';
import {
  RiAlertLine,
  RiCheckboxCircleFill,
  RiCheckLine,
  RiCircleLine,
  RiCloseLine,
  RiErrorWarningFill,
  RiLoader2Line,
  RiQuestionLine,
  RiTimeLine,
} from '@remixicon/react';
import { type Check, type Connection } from '@isthmus/plugin-gns-common';
import { useGnsTranslation } from '../../useGnsTranslation';
import { Section } from '../ClusterPage/Section';
import styles from '../GnsPage/GnsPage.module.css';
import badges from '../state/badges.module.css';
import { RelativeTime, useElapsed } from '../state/RelativeTime';
import connectStyles from './connect.module.css';

/** How far a cluster has come, why it does not go on, and what was checked. */
export function ConnectionProgress(props: { connection: Connection }) {
  const { t } = useGnsTranslation();
  const { connection } = props;
  return (
    <>
      {connection.stuck ? <Stuck stuck={connection.stuck} /> : null}
      <div className={styles.grid}>
        <Section title={t('connect.progress')}>
          <Stages stages={connection.stages} />
        </Section>
        <Section title={t('connect.checks')}>
          <Checks checks={connection.checks} />
        </Section>
      </div>
    </>
  );
}

function Stuck(props: { stuck: NonNullable<Connection['stuck']> }) {
  const { t } = useGnsTranslation();
  const elapsed = useElapsed();
  const { stuck } = props;
  return (
    <Alert
      mb="4"
      role="status"
      status="warning"
      icon
      title={`${t(`connect.stuck_${stuck.reason}`)} (${t('overview.since', {
        duration: elapsed(stuck.since),
      })})`}
      description={
        <>
          {stuck.text}
          <div>
            <strong>{stuck.remedy}</strong>
          </div>
        </>
      }
    />
  );
}

const STAGE_LOOKS = {
  done: RiCheckboxCircleFill,
  active: RiLoader2Line,
  stuck: RiErrorWarningFill,
  waiting: RiCircleLine,
} as const;

function Stages(props: { stages: Connection['stages'] }) {
  const { t } = useGnsTranslation();
  return (
    <ol className={connectStyles.stages}>
      {props.stages.map(one => {
        const Icon = STAGE_LOOKS[one.state];
        return (
          <li
            key={one.stage}
            className={connectStyles.stage}
            data-state={one.state}
            aria-current={one.state === 'active' ? 'step' : undefined}
          >
            <Icon role="img" aria-label={t(`connect.state_${one.state}`)} />
            <div>
              <strong>{t(`connect.stage_${one.stage}`)}</strong>{' '}
              {one.at ? (
                <span className={styles.quiet}>
                  <RelativeTime at={one.at} />
                </span>
              ) : null}
              {one.state === 'active' || one.state === 'stuck' ? (
                <div className={styles.quiet}>{one.text}</div>
              ) : null}
            </div>
          </li>
        );
      })}
    </ol>
  );
}

const CHECK_LOOKS = {
  ok: [RiCheckLine, badges.good],
  warning: [RiAlertLine, badges.warn],
  failed: [RiCloseLine, badges.bad],
  unknown: [RiQuestionLine, badges.quiet],
  waiting: [RiTimeLine, badges.quiet],
} as const;

/** What was looked at in the cluster, each with what was found and its remedy. */
export function Checks(props: { checks: readonly Check[] }) {
  const { t } = useGnsTranslation();
  return (
    <ul className={connectStyles.checks}>
      {props.checks.map(one => {
        const [Icon, tone] = CHECK_LOOKS[one.state];
        return (
          <li key={one.check}>
            <span className={`${badges.mark} ${tone}`}>
              <Icon role="img" aria-label={t(`connect.check_${one.state}`)} />
              <strong>{t(`connect.looks_${one.check}`)}</strong>
            </span>
            <div className={styles.message}>
              {one.evidence}{' '}
              {one.checkedAt ? (
                <span className={styles.quiet}>
                  <RelativeTime at={one.checkedAt} />
                </span>
              ) : null}
            </div>
            {one.remedy ? (
              <div className={styles.message}>
                <strong>{one.remedy}</strong>
              </div>
            ) : null}
          </li>
        );
      })}
    </ul>
  );
}
