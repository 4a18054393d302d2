import { EntityCardBlueprint } from '@backstage/plugin-catalog-react/alpha';
import { ANNOTATION_SERVICE } from '@isthmus/plugin-gns-common';

/** The global services of a catalog entity, and where they run. */
export const topologyCard = EntityCardBlueprint.make({
  name: 'topology',
  params: {
    type: 'content',
    filter: {
      [`metadata.annotations.${ANNOTATION_SERVICE}`]: { $exists: true },
    },
    loader: () =>
      import('../components/EntityTopologyCard/EntityTopologyCard').then(m => (
        <m.EntityTopologyCard />
      )),
  },
});
