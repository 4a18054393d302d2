import { useLive } from '../../live/useLive';
import { LiveView, SkeletonRows } from '../state/LiveView';
import { TopologyView } from '../../topology/TopologyView';
import { useGnsStatus } from './GnsStatusContext';

/** Clusters as boxes with their services, and who reaches what. */
export function TopologyTab() {
  const { name, title } = useGnsStatus();
  const live = useLive(
    `topology/${name}`,
    (api, signal) => api.getTopology(name, signal),
    { topics: ['status', 'definitions', 'clusters'], gns: name },
  );
  return (
    <LiveView
      live={live}
      permission="gns.definition.read"
      skeleton={<SkeletonRows rows={1} height={560} />}
    >
      {topology => <TopologyView name={title ?? name} topology={topology} />}
    </LiveView>
  );
}
