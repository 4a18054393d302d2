import {
  coreExtensionData,
  createExtensionInput,
} from '@backstage/frontend-plugin-api';
import { GnsViewBlueprint } from './blueprints';
import { ownTitle, titleDataRef } from './title';

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

const slosView = GnsViewBlueprint.make({
  name: 'slos',
  params: {
    path: 'slos',
    title: ownTitle('views.slos'),
    loader: () =>
      import('../components/SlosView/SlosView').then(m => <m.SlosView />),
  },
});

const createView = GnsViewBlueprint.make({
  name: 'create',
  params: {
    path: 'create',
    title: ownTitle('views.create'),
    listed: false,
    loader: () =>
      import('../components/DefinitionEditor/CreateView').then(m => (
        <m.CreateView />
      )),
  },
});

const rolloutView = GnsViewBlueprint.make({
  name: 'rollout',
  params: {
    path: 'rollouts/:rollout',
    title: ownTitle('views.rollout'),
    listed: false,
    loader: () =>
      import('../components/Rollout/RolloutView').then(m => <m.RolloutView />),
  },
});

const clusterView = GnsViewBlueprint.makeWithOverrides({
  name: 'cluster',
  inputs: {
    sections: createExtensionInput([
      coreExtensionData.reactElement,
      titleDataRef,
    ]),
  },
  factory(originalFactory, { inputs }) {
    return originalFactory({
      path: 'clusters/:cluster',
      title: ownTitle('views.cluster'),
      listed: false,
      loader: async () => {
        const { ClusterPage } = await import(
          '../components/ClusterPage/ClusterPage'
        );
        return (
          <ClusterPage
            sections={inputs.sections.map(section => ({
              id: section.node.spec.id,
              title: section.get(titleDataRef),
              element: section.get(coreExtensionData.reactElement),
            }))}
          />
        );
      },
    });
  },
});

const connectView = GnsViewBlueprint.make({
  name: 'connect',
  params: {
    path: 'connect',
    title: ownTitle('views.connect'),
    listed: false,
    loader: () =>
      import('../components/ConnectView/ConnectView').then(m => (
        <m.ConnectView />
      )),
  },
});

const diagnoseView = GnsViewBlueprint.make({
  name: 'diagnose',
  params: {
    path: 'diagnose',
    title: ownTitle('views.diagnose'),
    loader: () =>
      import('../components/DiagnoseView/DiagnoseView').then(m => (
        <m.DiagnoseView />
      )),
  },
});

export const views = [
  namespacesView,
  slosView,
  clustersView,
  decisionsView,
  diagnoseView,
  createView,
  rolloutView,
  clusterView,
  connectView,
];
