import { useState } from 'react';
import { useParams } from 'react-router-dom';
import { Alert, Badge, Button, ButtonLink, Text } from '@backstage/ui';
import { useRouteRef } from '@backstage/frontend-plugin-api';
import { type Rollout, type RolloutAction } from '@isthmus/plugin-gns-common';
import { SameOverRest } from '../../code/SameOverRest';
import { useLive } from '../../live/useLive';
import { gnsTabRouteRef } from '../../routes';
import { useGnsTranslation } from '../../useGnsTranslation';
import { Steps } from '../DefinitionEditor/Steps';
import { EmptyView } from '../state/EmptyView';
import { HubBanner } from '../state/HubBanner';
import { LiveView } from '../state/LiveView';
import { readProblem } from '../state/readProblem';
import { RelativeTime, useAge } from '../state/RelativeTime';
import { Updated } from '../state/Updated';
import { RolloutDecision } from './RolloutDecision';
import { StopReasonView } from './StopReasonView';
import { WaveView } from './WaveView';
import styles from './rollout.module.css';

const ACTIONS: RolloutAction[] = ['pause', 'resume', 'advance', 'back'];

/** A change on its way to the clusters: per wave and cluster, live, with what can be decided. */
export function RolloutView() {
  const { t } = useGnsTranslation();
  const { rollout: id = '' } = useParams();
  const live = useLive(
    `rollout/${id}`,
    (api, signal) => api.rollouts.get(id, signal),
    { topics: ['rollouts', 'status', 'clusters', 'holds'] },
  );
  if (live.error && readProblem(live.error) === 'missing') {
    return (
      <EmptyView title={t('rollout.missing')} text={t('rollout.missingText')} />
    );
  }
  return (
    <>
      <HubBanner />
      <LiveView live={live} permission="gns.definition.read">
        {rollout => (
          <div className={styles.column}>
            <Head
              rollout={rollout}
              updated={<Updated live={live} />}
              onDecided={live.reload}
            />
            {rollout.stop ? <StopReasonView stop={rollout.stop} /> : null}
            <ol className={styles.waves}>
              {rollout.waves.map((_, i) => (
                <li key={i}>
                  <WaveView rollout={rollout} index={i} />
                </li>
              ))}
            </ol>
            <Journal rollout={rollout} />
            <SameOverRest
              calls={[
                {
                  title: t('rollout.read'),
                  method: 'GET',
                  path: `/rollouts/${encodeURIComponent(rollout.id)}`,
                },
                ...ACTIONS.filter(action => rollout.actions[action]).map(
                  action =>
                    ({
                      title: `${t('rollout.decide')}: ${t(
                        `rollout.${action}`,
                      )}`,
                      method: 'POST',
                      path: `/rollouts/${encodeURIComponent(
                        rollout.id,
                      )}/${action}`,
                      body: {
                        type: 'json',
                        text: JSON.stringify({
                          version: rollout.version,
                          reason: '',
                        }),
                      },
                    } as const),
                ),
              ]}
            />
          </div>
        )}
      </LiveView>
    </>
  );
}

const TONES = {
  running: 'info',
  paused: 'warning',
  stopped: 'danger',
  goingBack: 'warning',
  done: 'success',
  wentBack: 'warning',
} as const;

function Head(props: {
  rollout: Rollout;
  updated: React.ReactNode;
  onDecided: () => void;
}) {
  const { t } = useGnsTranslation();
  const age = useAge();
  const tabLink = useRouteRef(gnsTabRouteRef);
  const [asked, setAsked] = useState<RolloutAction>();
  const { rollout } = props;
  const applied = rollout.clusters.filter(
    one => one.state === 'applied',
  ).length;
  return (
    <header className={styles.column}>
      <Steps at="rollout" />
      <div className={styles.bar}>
        <div>
          <Text as="h2" variant="title-small" weight="bold">
            {t(`rollout.title_${rollout.change}`, { name: rollout.gns })}
          </Text>
          <p className={styles.quiet}>
            {t('rollout.by', {
              actor: rollout.createdBy,
              age: age(rollout.createdAt),
            })}
            {rollout.message ? ` · ${rollout.message}` : ''}
          </p>
        </div>
        {props.updated}
      </div>
      <Alert
        role="status"
        status={TONES[rollout.state]}
        icon
        title={t(`rollout.${rollout.state}`)}
        description={
          <>
            {t('rollout.progress', {
              applied: String(applied),
              total: String(rollout.clusters.length),
            })}
            {rollout.state === 'done' && rollout.change !== 'delete' ? (
              <div>
                <ButtonLink
                  size="small"
                  variant="secondary"
                  href={
                    tabLink?.({ name: rollout.gns, tab: 'overview' }) ?? '#'
                  }
                >
                  {t('rollout.toGns', { name: rollout.gns })}
                </ButtonLink>
              </div>
            ) : null}
          </>
        }
        customActions={
          <span className={styles.actions}>
            {ACTIONS.filter(action => rollout.actions[action]).map(action => (
              <Button
                key={action}
                size="small"
                variant="secondary"
                destructive={action === 'back'}
                onPress={() => setAsked(action)}
              >
                {t(`rollout.${action}`)}
              </Button>
            ))}
          </span>
        }
      />
      {asked ? (
        <RolloutDecision
          rollout={rollout}
          action={asked}
          onClose={decided => {
            setAsked(undefined);
            if (decided) props.onDecided();
          }}
        />
      ) : null}
    </header>
  );
}

function Journal(props: { rollout: Rollout }) {
  const { t } = useGnsTranslation();
  const { events } = props.rollout;
  return (
    <section>
      <h3 className={styles.heading}>{t('rollout.journal')}</h3>
      <ol className={styles.journal}>
        {[...events].reverse().map((event, i) => (
          <li key={events.length - i}>
            <span className={styles.quiet}>
              <RelativeTime at={event.at} />
            </span>
            <Badge>
              {t(`rollout.event_${event.kind}`, {
                wave: String((event.wave ?? 0) + 1),
              })}
            </Badge>
            <span>
              {event.actor === 'hub' ? t('rollout.hub') : event.actor}
            </span>
            {event.message ? <span>{event.message}</span> : null}
          </li>
        ))}
      </ol>
    </section>
  );
}
