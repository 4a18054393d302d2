import { type Transition } from '@isthmus/plugin-gns-common';
import { useGnsTranslation } from '../../useGnsTranslation';
import { DataTable } from '../state/DataTable';
import { RelativeTime } from '../state/RelativeTime';
import styles from './identity.module.css';

type Member = Transition['members'][number];

/** Each member namespace: its phase, and whether every pod holds what it gives. */
export function TransitionMembers(props: { members: readonly Member[] }) {
  const { t } = useGnsTranslation();
  const proof = (member: Member) => {
    if (!member.configured) return t('transition.notConfigured');
    return member.proven ? t('transition.proven') : t('transition.notProven');
  };
  return (
    <DataTable
      label={t('transition.members')}
      rows={props.members}
      rowKey={one => `${one.cluster}/${one.namespace}`}
      columns={[
        {
          id: 'namespace',
          label: t('transition.namespace'),
          cell: one => `${one.cluster}/${one.namespace}`,
        },
        {
          id: 'phase',
          label: t('transition.phase'),
          cell: one =>
            `${t(`identityPhase.${one.phase}`)} · ${t(
              `identityDirection.${one.direction}`,
            )}`,
        },
        {
          id: 'since',
          label: t('transition.since'),
          cell: one => <RelativeTime at={one.since} />,
        },
        {
          id: 'proof',
          label: t('transition.proof'),
          cell: one => (
            <ul className={`${styles.plain} ${styles.stack}`}>
              <li>{proof(one)}</li>
              {one.closed ? <li>{t('transition.closed')}</li> : null}
            </ul>
          ),
        },
        {
          id: 'pods',
          label: t('transition.pods'),
          cell: one => <Pods pods={one.pods} />,
        },
      ]}
    />
  );
}

function Pods(props: { pods: Member['pods'] }) {
  const { t } = useGnsTranslation();
  const { own, mesh, unknown, awaitingRestart } = props.pods;
  return (
    <ul className={`${styles.plain} ${styles.stack}`}>
      <li>{t('identity.pods', { count: own })}</li>
      {mesh > 0 ? <li>{t('identity.podsMesh', { count: mesh })}</li> : null}
      {unknown > 0 ? (
        <li>{t('identity.podsUnknown', { count: unknown })}</li>
      ) : null}
      {awaitingRestart > 0 ? (
        <li>{t('identity.podsWaiting', { count: awaitingRestart })}</li>
      ) : null}
    </ul>
  );
}
