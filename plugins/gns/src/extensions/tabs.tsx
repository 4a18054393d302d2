import {
  coreExtensionData,
  createExtensionInput,
} from '@backstage/frontend-plugin-api';
import { GnsTabBlueprint } from './blueprints';
import { ownTitle, titleDataRef } from './title';

const overviewTab = GnsTabBlueprint.make({
  name: 'overview',
  params: {
    path: 'overview',
    title: ownTitle('tabs.overview'),
    loader: () =>
      import('../components/GnsPage/OverviewTab').then(m => <m.OverviewTab />),
  },
});

const topologyTab = GnsTabBlueprint.make({
  name: 'topology',
  params: {
    path: 'topology',
    title: ownTitle('tabs.topology'),
    loader: () =>
      import('../components/GnsPage/TopologyTab').then(m => <m.TopologyTab />),
  },
});

const servicesTab = GnsTabBlueprint.make({
  name: 'services',
  params: {
    path: 'services',
    title: ownTitle('tabs.services'),
    loader: () =>
      import('../components/GnsPage/ServicesTab').then(m => <m.ServicesTab />),
  },
});

const clustersTab = GnsTabBlueprint.make({
  name: 'clusters',
  params: {
    path: 'clusters',
    title: ownTitle('tabs.clusters'),
    loader: () =>
      import('../components/GnsPage/ClustersTab').then(m => <m.ClustersTab />),
  },
});

const slosTab = GnsTabBlueprint.make({
  name: 'slos',
  params: {
    path: 'slos',
    title: ownTitle('tabs.slos'),
    loader: () =>
      import('../components/SlosView/SlosTab').then(m => <m.SlosTab />),
  },
});

const sloTab = GnsTabBlueprint.make({
  name: 'slo',
  params: {
    path: 'slos/:slo',
    title: ownTitle('tabs.slo'),
    listed: false,
    loader: () =>
      import('../components/SloPage/SloTab').then(m => <m.SloTab />),
  },
});

const identityTab = GnsTabBlueprint.make({
  name: 'identity',
  params: {
    path: 'identity',
    title: ownTitle('tabs.identity'),
    loader: () =>
      import('../components/IdentityTab/IdentityTab').then(m => (
        <m.IdentityTab />
      )),
  },
});

const newSloTab = GnsTabBlueprint.make({
  name: 'slo-create',
  params: {
    path: 'slos/-/create',
    title: ownTitle('tabs.newSlo'),
    listed: false,
    loader: () =>
      import('../components/SloEditor/CreateSloTab').then(m => (
        <m.CreateSloTab />
      )),
  },
});

const importSloTab = GnsTabBlueprint.make({
  name: 'slo-import',
  params: {
    path: 'slos/-/import',
    title: ownTitle('tabs.importSlo'),
    listed: false,
    loader: () =>
      import('../components/SloEditor/ImportSloTab').then(m => (
        <m.ImportSloTab />
      )),
  },
});

const editSloTab = GnsTabBlueprint.make({
  name: 'slo-edit',
  params: {
    path: 'slos/:slo/edit',
    title: ownTitle('tabs.editSlo'),
    listed: false,
    loader: () =>
      import('../components/SloEditor/EditSloTab').then(m => <m.EditSloTab />),
  },
});

const historyTab = GnsTabBlueprint.make({
  name: 'history',
  params: {
    path: 'history',
    title: ownTitle('tabs.history'),
    loader: () =>
      import('../components/GnsPage/History/HistoryTab').then(m => (
        <m.HistoryTab />
      )),
  },
});

const editTab = GnsTabBlueprint.make({
  name: 'edit',
  params: {
    path: 'edit',
    title: ownTitle('tabs.edit'),
    listed: false,
    loader: () =>
      import('../components/DefinitionEditor/EditTab').then(m => <m.EditTab />),
  },
});

const deleteTab = GnsTabBlueprint.make({
  name: 'delete',
  params: {
    path: 'delete',
    title: ownTitle('tabs.delete'),
    listed: false,
    loader: () =>
      import('../components/ReviewChange/DeleteTab').then(m => <m.DeleteTab />),
  },
});

const restoreTab = GnsTabBlueprint.make({
  name: 'restore',
  params: {
    path: 'restore/:generation',
    title: ownTitle('tabs.restore'),
    listed: false,
    loader: () =>
      import('../components/ReviewChange/RestoreTab').then(m => (
        <m.RestoreTab />
      )),
  },
});

const serviceTab = GnsTabBlueprint.makeWithOverrides({
  name: 'service',
  inputs: {
    sections: createExtensionInput([
      coreExtensionData.reactElement,
      titleDataRef,
    ]),
  },
  factory(originalFactory, { inputs }) {
    return originalFactory({
      path: 'services/:service',
      title: ownTitle('tabs.service'),
      listed: false,
      loader: async () => {
        const { ServicePage } = await import(
          '../components/ServicePage/ServicePage'
        );
        return (
          <ServicePage
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

export const tabs = [
  overviewTab,
  topologyTab,
  servicesTab,
  slosTab,
  sloTab,
  newSloTab,
  importSloTab,
  editSloTab,
  clustersTab,
  identityTab,
  historyTab,
  editTab,
  deleteTab,
  restoreTab,
  serviceTab,
];
