import { Alert } from '@backstage/ui';
import { usePermission } from '@backstage/plugin-permission-react';
import { gnsRolloutApprovePermission } from '@isthmus/plugin-gns-common';
import { useLive } from '../../live/useLive';
import { useGnsTranslation } from '../../useGnsTranslation';
import styles from '../GnsPage/GnsPage.module.css';
import { HubBanner } from '../state/HubBanner';
import { LiveView } from '../state/LiveView';
import { Updated } from '../state/Updated';
import { useUrlChoice } from '../useUrlChoice';
import { Choices } from './Choices';
import { Inbox } from './Inbox';
import { PastDecisions } from './PastDecisions';

const SHOWN = ['waiting', 'decided'] as const;

/** What waits for a person, and what was decided, for those who may look or decide. */
export function DecisionsView() {
  const { t } = useGnsTranslation();
  const [shown, setShown] = useUrlChoice('show', SHOWN);
  const { allowed, loading } = usePermission({
    permission: gnsRolloutApprovePermission,
  });
  const live = useLive(
    'holds',
    (api, signal) => api.listHolds({ state: 'all' }, signal),
    { topics: ['holds'] },
  );
  return (
    <>
      <HubBanner />
      <LiveView live={live} permission="gns.cluster.read">
        {({ items }) => {
          const open = items.filter(one => one.state === 'open');
          return (
            <>
              <div className={styles.bar}>
                <Choices
                  label={t('inbox.show')}
                  options={SHOWN.map(value => ({
                    value,
                    label:
                      value === 'waiting'
                        ? t('inbox.waiting', { count: open.length })
                        : t('inbox.decided'),
                  }))}
                  value={shown}
                  onChange={setShown}
                />
                <Updated live={live} />
              </div>
              {!allowed && !loading ? (
                <Alert
                  mb="4"
                  status="info"
                  icon
                  title={t('decisions.notAllowed', {
                    permission: gnsRolloutApprovePermission.name,
                  })}
                />
              ) : null}
              {shown === 'waiting' ? (
                <Inbox
                  holds={items}
                  mayDecide={allowed}
                  onDecided={live.reload}
                />
              ) : (
                <PastDecisions
                  holds={items}
                  mayDecide={allowed}
                  onDecided={live.reload}
                />
              )}
            </>
          );
        }}
      </LiveView>
    </>
  );
}
