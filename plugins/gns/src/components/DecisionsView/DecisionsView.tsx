import { useState } from 'react';
import {
  Alert,
  Badge,
  Button,
  Card,
  CardBody,
  CardFooter,
  CardHeader,
  Link,
  Text,
} from '@backstage/ui';
import { useRouteRef, useTranslationRef } from '@backstage/frontend-plugin-api';
import { usePermission } from '@backstage/plugin-permission-react';
import {
  gnsRolloutApprovePermission,
  type Hold,
} from '@isthmus/plugin-gns-common';
import { useLive } from '../../live/useLive';
import { gnsTabRouteRef } from '../../routes';
import { gnsTranslationRef } from '../../translation';
import styles from '../GnsPage/GnsPage.module.css';
import { EmptyView } from '../state/EmptyView';
import { HubBanner } from '../state/HubBanner';
import { LiveView } from '../state/LiveView';
import { useElapsed, useExactTime } from '../state/RelativeTime';
import { Updated } from '../state/Updated';
import { type Decision, DecisionDialog } from './DecisionDialog';
import { HoldItems } from './HoldItems';

/** What waits for a person, oldest first, with release and refuse for those who may. */
export function DecisionsView() {
  const { t } = useTranslationRef(gnsTranslationRef);
  const [asked, setAsked] = useState<{ hold: Hold; decision: Decision }>();
  const { allowed, loading } = usePermission({
    permission: gnsRolloutApprovePermission,
  });
  const live = useLive('holds', (api, signal) => api.listHolds({}, signal), {
    topics: ['holds'],
  });
  return (
    <>
      <HubBanner />
      <LiveView live={live} permission="gns.cluster.read">
        {({ items }) =>
          items.length === 0 ? (
            <EmptyView
              title={t('decisions.empty')}
              text={t('decisions.emptyText')}
            />
          ) : (
            <>
              <div className={styles.bar}>
                <span>{t('count.decisions', { count: items.length })}</span>
                <Updated live={live} />
              </div>
              <div className={styles.column}>
                {!allowed && !loading ? (
                  <Alert
                    status="info"
                    icon
                    title={t('decisions.notAllowed', {
                      permission: gnsRolloutApprovePermission.name,
                    })}
                  />
                ) : null}
                {[...items]
                  .sort((a, b) => a.createdAt.localeCompare(b.createdAt))
                  .map(hold => (
                    <HoldCard
                      key={hold.id}
                      hold={hold}
                      onDecide={
                        allowed
                          ? decision => setAsked({ hold, decision })
                          : undefined
                      }
                    />
                  ))}
              </div>
            </>
          )
        }
      </LiveView>
      {asked ? (
        <DecisionDialog
          hold={asked.hold}
          decision={asked.decision}
          onClose={() => {
            setAsked(undefined);
            live.reload();
          }}
        />
      ) : null}
    </>
  );
}

function HoldCard(props: {
  hold: Hold;
  /** Absent: the reader may not decide. */
  onDecide?: (decision: Decision) => void;
}) {
  const { t } = useTranslationRef(gnsTranslationRef);
  const elapsed = useElapsed();
  const exact = useExactTime();
  const tabLink = useRouteRef(gnsTabRouteRef);
  const { hold, onDecide } = props;
  return (
    <Card>
      <CardHeader>
        <div className={styles.line}>
          <Badge>{t(`decisions.${hold.kind}`)}</Badge>
          {hold.gns ? (
            <Link href={tabLink?.({ name: hold.gns, tab: 'overview' }) ?? '#'}>
              {hold.gns}
            </Link>
          ) : null}
          {hold.cluster ? <span>{hold.cluster}</span> : null}
          <span className={styles.quiet} title={exact(hold.createdAt)}>
            {t('decisions.waits', { duration: elapsed(hold.createdAt) })}
          </span>
        </div>
      </CardHeader>
      <CardBody>
        <Text as="p">{hold.message}</Text>
        <HoldItems items={hold.items} />
      </CardBody>
      {onDecide ? (
        <CardFooter>
          <div className={styles.line}>
            <Button size="small" onPress={() => onDecide('release')}>
              {t('decisions.release')}
            </Button>
            <Button
              size="small"
              variant="secondary"
              onPress={() => onDecide('refuse')}
            >
              {t('decisions.refuse')}
            </Button>
          </div>
        </CardFooter>
      ) : null}
    </Card>
  );
}
