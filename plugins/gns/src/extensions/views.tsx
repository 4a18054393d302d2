import { GnsViewBlueprint } from './blueprints';
import { ownTitle } from './title';

const namespacesView = GnsViewBlueprint.make({
  name: 'namespaces',
  params: {
    path: '',
    title: ownTitle('views.namespaces'),
    loader: () =>
      import('../components/GnsListPage/GnsListPage').then(m => (
        <m.GnsListPage />
      )),
  },
});

const clustersView = GnsViewBlueprint.make({
  name: 'clusters',
  params: {
    path: 'clusters',
    title: ownTitle('views.clusters'),
    loader: () =>
      import('../components/ClustersView/ClustersView').then(m => (
        <m.ClustersView />
      )),
  },
});

const decisionsView = GnsViewBlueprint.make({
  name: 'decisions',
  params: {
    path: 'decisions',
    title: ownTitle('views.decisions'),
    loader: () =>
      import('../components/DecisionsView/DecisionsView').then(m => (
        <m.DecisionsView />
      )),
  },
});

export const views = [namespacesView, clustersView, decisionsView];
