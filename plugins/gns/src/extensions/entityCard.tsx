import {
  EntityCardBlueprint,
  EntityContentBlueprint,
} from '@backstage/plugin-catalog-react/alpha';
import { HAS_SERVICES } from '../entity/serviceReferences';
import { gnsMessages } from '../translation';

/** The global services of a catalog entity, and where they run. */
export const topologyCard = EntityCardBlueprint.make({
  name: 'topology',
  params: {
    type: 'content',
    filter: HAS_SERVICES,
    loader: () =>
      import('../components/EntityTopologyCard/EntityTopologyCard').then(m => (
        <m.EntityTopologyCard />
      )),
  },
});

/** Whether the promises of the entity's global services hold. */
export const sloCard = EntityCardBlueprint.make({
  name: 'slo',
  params: {
    type: 'content',
    filter: HAS_SERVICES,
    loader: () =>
      import('../components/EntitySloCard/EntitySloCard').then(m => (
        <m.EntitySloCard />
      )),
  },
});

/** The mesh tab: hosts, clusters, conditions, recent changes and links of its global services. */
export const meshContent = EntityContentBlueprint.make({
  name: 'mesh',
  params: {
    path: '/mesh',
    // Titles of tabs are plain text in this release of Backstage.
    title: gnsMessages.entity.tab,
    group: 'deployment',
    filter: HAS_SERVICES,
    loader: () =>
      import('../components/EntityMesh/EntityMeshContent').then(m => (
        <m.EntityMeshContent />
      )),
  },
});
