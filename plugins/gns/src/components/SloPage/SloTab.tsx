import { useParams, useSearchParams } from 'react-router-dom';
import { useLive } from '../../live/useLive';
import { useGnsStatus } from '../GnsPage/GnsStatusContext';
import { LiveView, SkeletonRows } from '../state/LiveView';
import { readProblem } from '../state/readProblem';
import { Updated } from '../state/Updated';
import { MissingSlo } from './MissingSlo';
import { SloActions } from './SloActions';
import { SloDetailView } from './SloDetailView';
import { SloHead } from './SloHead';
import styles from './sloPage.module.css';

/** All about one objective: budget, burn rates, when it went wrong, where, and what happened. */
export function SloTab() {
  const { name: gns } = useGnsStatus();
  const { slo = '' } = useParams();
  const [query, setQuery] = useSearchParams();
  const objective = query.get('objective') ?? undefined;
  const live = useLive(
    `slos/${gns}/${slo}?${objective ?? ''}`,
    (api, signal) => api.slo.get({ gns, name: slo }, { objective }, signal),
    { topics: ['slos', 'definitions'], gns },
  );
  if (live.error && readProblem(live.error) === 'missing') {
    return <MissingSlo gns={gns} name={slo} />;
  }
  return (
    <LiveView
      live={live}
      permission="gns.definition.read"
      skeleton={<SkeletonRows rows={4} height={160} />}
    >
      {detail => (
        <div className={styles.page}>
          <SloHead
            detail={detail}
            updated={<Updated live={live} />}
            actions={<SloActions summary={detail.summary} />}
          />
          <SloDetailView
            detail={detail}
            onObjective={chosen => {
              const next = new URLSearchParams(query);
              next.set('objective', chosen);
              setQuery(next, { replace: true });
            }}
          />
        </div>
      )}
    </LiveView>
  );
}
