import { useAllSlos } from '../../slo/useSlos';
import { HubBanner } from '../state/HubBanner';
import { LiveView, SkeletonRows } from '../state/LiveView';
import { NoSlo } from './NoSlo';
import { SloListing } from './SloListing';

/** All objectives that the reader may see, over all global namespaces, worst first. */
export function SlosView() {
  const live = useAllSlos();
  return (
    <>
      <HubBanner />
      <LiveView
        live={live}
        permission="gns.definition.read"
        skeleton={<SkeletonRows rows={8} height={60} />}
      >
        {list =>
          list.items.length === 0 ? (
            <NoSlo />
          ) : (
            <SloListing list={list} live={live} />
          )
        }
      </LiveView>
    </>
  );
}
