import {
  RiAlertLine,
  RiCheckLine,
  RiLoader2Line,
  RiPauseCircleLine,
  RiScales3Line,
  RiTimeLine,
  RiWifiOffLine,
} from '@remixicon/react';
import {
  type Rollout,
  type RolloutCluster,
  type RolloutWave,
} from '@isthmus/plugin-gns-common';
import { useGnsTranslation } from '../../useGnsTranslation';
import badges from '../state/badges.module.css';
import { DataTable } from '../state/DataTable';
import { useAge, useLanguage } from '../state/RelativeTime';
import styles from './rollout.module.css';

/** One wave: where it is, how its calls do, and each of its clusters. */
export function WaveView(props: { rollout: Rollout; index: number }) {
  const { t } = useGnsTranslation();
  const { rollout, index } = props;
  const wave = rollout.waves[index];
  const number = String(index + 1);
  const clusters = rollout.clusters.filter(one => one.wave === index);
  return (
    <section className={styles.wave} data-state={wave.state}>
      <div className={styles.line}>
        <h3 className={styles.heading}>{t('rollout.wave', { number })}</h3>
        <WaveState wave={wave} />
      </div>
      <Errors wave={wave} />
      <DataTable
        label={t('rollout.clusters', { number })}
        rows={clusters}
        rowKey={one => one.cluster}
        columns={[
          {
            id: 'cluster',
            label: t('rollout.cluster'),
            cell: one => one.cluster,
          },
          {
            id: 'state',
            label: t('rollout.state'),
            cell: one => <ClusterState cluster={one} />,
          },
          {
            id: 'objects',
            label: t('rollout.objects'),
            cell: one => <Objects cluster={one} />,
          },
          {
            id: 'definition',
            label: t('rollout.definition'),
            cell: one => t(`rollout.${one.definition}`),
          },
        ]}
      />
    </section>
  );
}

function WaveState(props: { wave: RolloutWave }) {
  const { t } = useGnsTranslation();
  const language = useLanguage();
  const { wave } = props;
  const time = wave.soakUntil
    ? new Intl.DateTimeFormat(language, { timeStyle: 'medium' }).format(
        new Date(wave.soakUntil),
      )
    : '';
  const words = {
    waiting: t('rollout.waveWaiting'),
    applying: t('rollout.waveApplying'),
    soaking: t('rollout.waveSoaking', { time }),
    done: t('rollout.waveDone'),
  };
  return <span className={styles.quiet}>{words[wave.state]}</span>;
}

function Errors(props: { wave: RolloutWave }) {
  const { t } = useGnsTranslation();
  const age = useAge();
  const language = useLanguage();
  const { errors } = props.wave;
  if (!errors) return null;
  if (errors.state === 'unknown') {
    return (
      <p className={styles.quiet}>
        {t('rollout.errorsUnknown', { reason: errors.reason })}
      </p>
    );
  }
  const share = errors.calls > 0 ? errors.errors / errors.calls : 0;
  return (
    <p className={styles.quiet}>
      {t('rollout.errors', {
        errors: String(Math.round(errors.errors)),
        calls: String(Math.round(errors.calls)),
        share: new Intl.NumberFormat(language, {
          style: 'percent',
          maximumFractionDigits: 1,
        }).format(share),
        age: age(errors.dataAt),
      })}
    </p>
  );
}

const LOOKS = {
  waiting: [RiTimeLine, badges.quiet],
  sending: [RiLoader2Line, badges.quiet],
  troubled: [RiAlertLine, badges.bad],
  silent: [RiWifiOffLine, badges.warn],
  paused: [RiPauseCircleLine, badges.warn],
  held: [RiScales3Line, badges.warn],
  applied: [RiCheckLine, badges.good],
} as const;

function ClusterState(props: { cluster: RolloutCluster }) {
  const { t } = useGnsTranslation();
  const [Icon, tone] = LOOKS[props.cluster.state];
  return (
    <span className={`${badges.mark} ${tone}`}>
      <Icon aria-hidden />
      {t(`rollout.cluster_${props.cluster.state}`)}
    </span>
  );
}

function Objects(props: { cluster: RolloutCluster }) {
  const { t } = useGnsTranslation();
  const { objects, pending, failed } = props.cluster;
  const parts: string[] = [
    t('rollout.objectsOf', { objects: String(objects) }),
  ];
  if (pending > 0) {
    parts.push(t('rollout.pendingOf', { pending: String(pending) }));
  }
  if (failed > 0) parts.push(t('rollout.failedOf', { failed: String(failed) }));
  return <>{parts.join(', ')}</>;
}
