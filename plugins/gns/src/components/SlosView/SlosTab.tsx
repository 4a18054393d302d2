import { useSlosOfGns } from '../../slo/useSlos';
import { useGnsStatus } from '../GnsPage/GnsStatusContext';
import { LiveView, SkeletonRows } from '../state/LiveView';
import { NewSloLinks } from './NewSloLinks';
import { NoSlo } from './NoSlo';
import { SloListing } from './SloListing';

/** The objectives of one global namespace, worst first. */
export function SlosTab() {
  const { name } = useGnsStatus();
  const live = useSlosOfGns(name);
  return (
    <LiveView
      live={live}
      permission="gns.definition.read"
      skeleton={<SkeletonRows rows={6} height={60} />}
    >
      {list =>
        list.items.length === 0 ? (
          <NoSlo gns={name} />
        ) : (
          <>
            <NewSloLinks gns={name} />
            <SloListing list={list} live={live} gns={name} />
          </>
        )
      }
    </LiveView>
  );
}
