import { useRef, useState } from 'react';
import { Alert, Button } from '@backstage/ui';
import { useApi } from '@backstage/frontend-plugin-api';
import { usePermission } from '@backstage/plugin-permission-react';
import {
  gnsAuthorityRotatePermission,
  type GnsAuthority,
  type TransitionWait,
} from '@isthmus/plugin-gns-common';
import { type GnsApi, gnsApiRef } from '../../api';
import { useGnsTranslation } from '../../useGnsTranslation';
import { useReturnFocus } from '../state/useReturnFocus';
import { DeedDialog } from './DeedDialog';
import { OutsideCallers } from './OutsideCallers';
import { TransitionMembers } from './TransitionMembers';
import styles from './identity.module.css';
import moves from './moves.module.css';

type Request = Omit<
  Parameters<GnsApi['authority']['decideTransition']>[1],
  'reason'
>;

/** A decision on how members join and leave, before it is confirmed. */
interface Asked {
  title: string;
  text: string;
  word: string;
  request: Request;
  destructive?: boolean;
}

const PHASES = ['adopt', 'dual', 'isolate'] as const;

/** How members pass from the mesh to this authority and back, and what they wait for. */
export function TransitionPanel(props: {
  authority: GnsAuthority;
  onDone: () => void;
}) {
  const { t } = useGnsTranslation();
  const api = useApi(gnsApiRef);
  const { authority, onDone } = props;
  const { gns, transition } = authority;
  const heading = useRef<HTMLHeadingElement>(null);
  const [asked, setAsked] = useState<Asked>();
  useReturnFocus(asked !== undefined, heading);
  const mayDecide = usePermission({
    permission: gnsAuthorityRotatePermission,
  }).allowed;
  const standing = {
    settled: t('transition.settled'),
    moving: t('transition.moving'),
    waiting: t('transition.waiting'),
    paused: t('transition.paused'),
  }[transition.state];
  const pausing = transition.paused;
  return (
    <section className={styles.section} aria-label={t('transition.title')}>
      <div className={styles.head}>
        <h3 ref={heading} tabIndex={-1} className={styles.heading}>
          {t('transition.title')}
        </h3>
        {mayDecide ? (
          <Button
            size="small"
            variant="secondary"
            onPress={() =>
              setAsked(
                pausing
                  ? {
                      title: t('transition.resumeTitle'),
                      text: t('transition.resumeText'),
                      word: t('moves.resume'),
                      request: { paused: false },
                    }
                  : {
                      title: t('transition.pauseTitle'),
                      text: t('transition.pauseText'),
                      word: t('moves.pause'),
                      request: { paused: true },
                    },
              )
            }
          >
            {`${pausing ? t('moves.resume') : t('moves.pause')}…`}
          </Button>
        ) : null}
      </div>
      <p className={styles.text}>{t('transition.text')}</p>
      <ol className={moves.list}>
        {PHASES.map((phase, i) => (
          <li key={phase}>
            <strong>{`${i + 1}. ${t(`identityPhase.${phase}`)}`}</strong>{' '}
            <span className={moves.quiet}>
              {t(`identityPhaseText.${phase}`)}
            </span>
          </li>
        ))}
      </ol>
      <Alert
        mb="3"
        status={
          transition.state === 'settled' || transition.state === 'moving'
            ? 'info'
            : 'warning'
        }
        icon
        title={standing}
      />
      {transition.waits.length > 0 ? (
        <>
          <h4 className={moves.heading}>{t('transition.waits')}</h4>
          <ul className={moves.list}>
            {transition.waits.map(wait => (
              <li key={JSON.stringify(wait)}>
                <Wait wait={wait} />
              </li>
            ))}
          </ul>
          {transition.waits.some(w => w.reason === 'podsAwaitRestart') ? (
            <p className={styles.quiet}>{t('transition.restartHint')}</p>
          ) : null}
        </>
      ) : null}
      <h4 className={moves.heading}>{t('transition.members')}</h4>
      <TransitionMembers members={transition.members} />
      <OutsideCallers
        transition={transition}
        mayDecide={mayDecide}
        onWaive={callers =>
          setAsked({
            title: t('transition.waiveTitle', {
              number: String(callers.length),
            }),
            text: t('transition.waiveText'),
            word: t('transition.waive'),
            request: { waivedCallers: callers },
            destructive: true,
          })
        }
        onWaiveUnmeasured={() =>
          setAsked({
            title: t('transition.waiveUnmeasured'),
            text: t('transition.waiveUnmeasuredText'),
            word: t('transition.waiveUnmeasured'),
            request: { waiveUnmeasured: true },
            destructive: true,
          })
        }
      />
      {mayDecide ? null : (
        <p className={styles.quiet}>
          {t('moves.needs', { permission: gnsAuthorityRotatePermission.name })}
        </p>
      )}
      {asked ? (
        <DeedDialog
          title={asked.title}
          text={asked.text}
          word={asked.word}
          destructive={asked.destructive}
          typed={asked.destructive ? gns : undefined}
          call={({ reason }) => ({
            method: 'POST',
            path: `/global-namespaces/${encodeURIComponent(
              gns,
            )}/authority/transition`,
            body: {
              type: 'json',
              text: JSON.stringify({ ...asked.request, reason }),
            },
          })}
          act={({ reason }) =>
            api.authority.decideTransition(gns, { ...asked.request, reason })
          }
          onClose={done => {
            setAsked(undefined);
            if (done) onDone();
          }}
        />
      ) : null}
    </section>
  );
}

/** Where, and what is missing there. */
function Wait(props: { wait: TransitionWait }) {
  const { t } = useGnsTranslation();
  const { reason, cluster, namespace, workload, pods } = props.wait;
  // A caller outside is named whole.
  const place =
    reason === 'outsideCallers' && workload
      ? workload
      : [cluster, namespace, workload].filter(Boolean).join('/');
  return (
    <>
      {place ? (
        <>
          <strong>{place}</strong>
          {': '}
        </>
      ) : null}
      {t(`identityWait.${reason}`)}
      {pods === undefined ? null : ` (${t('count.pods', { count: pods })})`}
    </>
  );
}
