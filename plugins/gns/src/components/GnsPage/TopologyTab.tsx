import { TopologyPage } from '../../topology/page/TopologyPage';
import { useGnsStatus } from './GnsStatusContext';

/** Who calls whom, how well and how safely, over all clusters. */
export function TopologyTab() {
  const { name, title } = useGnsStatus();
  return <TopologyPage gns={name} title={title ?? name} />;
}
