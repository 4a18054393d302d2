import { GnsClusterSectionBlueprint } from './blueprints';
import { ownTitle } from './title';

/** On the page of a cluster: what it issues, and how long it can live alone. */
export const issuersSection = GnsClusterSectionBlueprint.make({
  name: 'issuers',
  params: {
    title: ownTitle('tabs.issuers'),
    loader: () =>
      import('../components/IdentityTab/ClusterIssuers').then(m => (
        <m.ClusterIssuers />
      )),
  },
});
