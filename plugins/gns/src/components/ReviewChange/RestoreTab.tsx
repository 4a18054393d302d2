import { useState } from 'react';
import { Navigate, useParams } from 'react-router-dom';
import { useRouteRef } from '@backstage/frontend-plugin-api';
import { formatYaml, type Rollout } from '@isthmus/plugin-gns-common';
import { useLive } from '../../live/useLive';
import { gnsTabRouteRef, rolloutRouteRef } from '../../routes';
import { useGnsTranslation } from '../../useGnsTranslation';
import { useGnsStatus } from '../GnsPage/GnsStatusContext';
import { findRevision } from '../GnsPage/History/findRevision';
import { EmptyView } from '../state/EmptyView';
import { LiveView } from '../state/LiveView';
import { KIND } from './change';
import { ReviewChange } from './ReviewChange';

/** Brings an old revision back into force, after what that does was seen. */
export function RestoreTab() {
  const { name } = useGnsStatus();
  const generation = Number(useParams().generation);
  const { t } = useGnsTranslation();
  const tabLink = useRouteRef(gnsTabRouteRef);
  const rolloutLink = useRouteRef(rolloutRouteRef);
  const [next, setNext] = useState<Rollout | 'back'>();
  const live = useLive(
    `restore/${name}/${generation}`,
    async (api, signal) => {
      const [stored, revision] = await Promise.all([
        api.getDefinition({ kind: KIND, name }, signal),
        findRevision(api, { kind: KIND, name }, generation, signal),
      ]);
      return { stored, definition: revision?.definition };
    },
    { topics: ['definitions'], gns: name },
  );
  if (next === 'back') {
    return <Navigate to={tabLink?.({ name, tab: 'history' }) ?? '/gns'} />;
  }
  if (next) {
    return (
      <Navigate to={rolloutLink?.({ rollout: next.id }) ?? '/gns'} replace />
    );
  }
  return (
    <LiveView live={live} permission="gns.definition.read">
      {({ stored, definition }) =>
        definition ? (
          <ReviewChange
            change={{
              type: 'write',
              name,
              definition,
              text: formatYaml(definition),
              base: {
                generation: stored.generation,
                text: formatYaml(stored.definition),
              },
              restores: generation,
            }}
            backLabel={t('review.cancel')}
            onBack={() => setNext('back')}
            onBegun={setNext}
          />
        ) : (
          <EmptyView
            title={t('revisions.none', { generation: String(generation) })}
            text={t('revisions.noneText')}
          />
        )
      }
    </LiveView>
  );
}
