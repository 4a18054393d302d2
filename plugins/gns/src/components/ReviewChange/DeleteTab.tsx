import { useState } from 'react';
import { Navigate } from 'react-router-dom';
import { useRouteRef } from '@backstage/frontend-plugin-api';
import { formatYaml, type Rollout } from '@isthmus/plugin-gns-common';
import { useLive } from '../../live/useLive';
import { gnsTabRouteRef, rolloutRouteRef } from '../../routes';
import { useGnsTranslation } from '../../useGnsTranslation';
import { useGnsStatus } from '../GnsPage/GnsStatusContext';
import { LiveView } from '../state/LiveView';
import { KIND } from './change';
import { ReviewChange } from './ReviewChange';

/** Deletes one global namespace, after what that does was seen and its name written. */
export function DeleteTab() {
  const { name } = useGnsStatus();
  const { t } = useGnsTranslation();
  const tabLink = useRouteRef(gnsTabRouteRef);
  const rolloutLink = useRouteRef(rolloutRouteRef);
  const [next, setNext] = useState<Rollout | 'back'>();
  const live = useLive(
    `definition/${name}`,
    (api, signal) => api.getDefinition({ kind: KIND, name }, signal),
    { topics: ['definitions'], gns: name },
  );
  if (next === 'back') {
    return <Navigate to={tabLink?.({ name, tab: 'overview' }) ?? '/gns'} />;
  }
  if (next) {
    return (
      <Navigate to={rolloutLink?.({ rollout: next.id }) ?? '/gns'} replace />
    );
  }
  return (
    <LiveView live={live} permission="gns.definition.read">
      {stored => (
        <ReviewChange
          change={{
            type: 'delete',
            name,
            base: {
              generation: stored.generation,
              text: formatYaml(stored.definition),
            },
          }}
          backLabel={t('review.cancel')}
          onBack={() => setNext('back')}
          onBegun={setNext}
        />
      )}
    </LiveView>
  );
}
