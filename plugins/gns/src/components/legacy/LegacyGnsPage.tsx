import { type ComponentProps, lazy, Suspense, type JSX } from 'react';
import { PluginHeader } from '@backstage/ui';
import { RiGlobalLine } from '@remixicon/react';
import { compatWrapper } from '@backstage/core-compat-api';
import { type TranslatedTitle, ownTitle } from '../../extensions/title';
import { GnsRouter, type Layout, type Part } from '../GnsRouter';
import { SkeletonRows } from '../state/LiveView';
import { type AddedSection } from '../ClusterPage/Section';

function part(
  path: string,
  title: TranslatedTitle,
  load: () => Promise<() => JSX.Element>,
  listed = true,
): Part {
  const Loaded = lazy(async () => ({ default: await load() }));
  return {
    path,
    ownPath: path,
    listed,
    title,
    element: (
      <Suspense fallback={<SkeletonRows rows={6} />}>
        <Loaded />
      </Suspense>
    ),
  };
}

function section(
  id: string,
  title: TranslatedTitle,
  load: () => Promise<() => JSX.Element>,
): AddedSection {
  const { element } = part(id, title, load);
  return { id, title, element };
}

/** Sections that our own features add to the page of one cluster. */
const clusterSections: AddedSection[] = [
  section('issuers', ownTitle('tabs.issuers'), () =>
    import('../IdentityTab/ClusterIssuers').then(m => m.ClusterIssuers),
  ),
];

/** Sections that our own features add to the page of one global service. */
const serviceSections: AddedSection[] = [];

const views = [
  part('', ownTitle('views.namespaces'), () =>
    import('../GnsListPage/GnsListPage').then(m => m.GnsListPage),
  ),
  part('slos', ownTitle('views.slos'), () =>
    import('../SlosView/SlosView').then(m => m.SlosView),
  ),
  part('clusters', ownTitle('views.clusters'), () =>
    import('../ClustersView/ClustersView').then(m => m.ClustersView),
  ),
  part('decisions', ownTitle('views.decisions'), () =>
    import('../DecisionsView/DecisionsView').then(m => m.DecisionsView),
  ),
  part('diagnose', ownTitle('views.diagnose'), () =>
    import('../DiagnoseView/DiagnoseView').then(m => m.DiagnoseView),
  ),
  part(
    'create',
    ownTitle('views.create'),
    () => import('../DefinitionEditor/CreateView').then(m => m.CreateView),
    false,
  ),
  part(
    'rollouts/:rollout',
    ownTitle('views.rollout'),
    () => import('../Rollout/RolloutView').then(m => m.RolloutView),
    false,
  ),
  part(
    'clusters/:cluster',
    ownTitle('views.cluster'),
    async () => {
      const { ClusterPage } = await import('../ClusterPage/ClusterPage');
      return () => <ClusterPage sections={clusterSections} />;
    },
    false,
  ),
  part(
    'connect',
    ownTitle('views.connect'),
    () => import('../ConnectView/ConnectView').then(m => m.ConnectView),
    false,
  ),
];

const tabs = [
  part('overview', ownTitle('tabs.overview'), () =>
    import('../GnsPage/OverviewTab').then(m => m.OverviewTab),
  ),
  part('topology', ownTitle('tabs.topology'), () =>
    import('../GnsPage/TopologyTab').then(m => m.TopologyTab),
  ),
  part('services', ownTitle('tabs.services'), () =>
    import('../GnsPage/ServicesTab').then(m => m.ServicesTab),
  ),
  part('slos', ownTitle('tabs.slos'), () =>
    import('../SlosView/SlosTab').then(m => m.SlosTab),
  ),
  part(
    'slos/:slo',
    ownTitle('tabs.slo'),
    () => import('../SloPage/SloTab').then(m => m.SloTab),
    false,
  ),
  part(
    'slos/-/create',
    ownTitle('tabs.newSlo'),
    () => import('../SloEditor/CreateSloTab').then(m => m.CreateSloTab),
    false,
  ),
  part(
    'slos/-/import',
    ownTitle('tabs.importSlo'),
    () => import('../SloEditor/ImportSloTab').then(m => m.ImportSloTab),
    false,
  ),
  part(
    'slos/:slo/edit',
    ownTitle('tabs.editSlo'),
    () => import('../SloEditor/EditSloTab').then(m => m.EditSloTab),
    false,
  ),
  part('clusters', ownTitle('tabs.clusters'), () =>
    import('../GnsPage/ClustersTab').then(m => m.ClustersTab),
  ),
  part('identity', ownTitle('tabs.identity'), () =>
    import('../IdentityTab/IdentityTab').then(m => m.IdentityTab),
  ),
  part('history', ownTitle('tabs.history'), () =>
    import('../GnsPage/History/HistoryTab').then(m => m.HistoryTab),
  ),
  part(
    'edit',
    ownTitle('tabs.edit'),
    () => import('../DefinitionEditor/EditTab').then(m => m.EditTab),
    false,
  ),
  part(
    'delete',
    ownTitle('tabs.delete'),
    () => import('../ReviewChange/DeleteTab').then(m => m.DeleteTab),
    false,
  ),
  part(
    'restore/:generation',
    ownTitle('tabs.restore'),
    () => import('../ReviewChange/RestoreTab').then(m => m.RestoreTab),
    false,
  ),
  part(
    'services/:service',
    ownTitle('tabs.service'),
    async () => {
      const { ServicePage } = await import('../ServicePage/ServicePage');
      return () => <ServicePage sections={serviceSections} />;
    },
    false,
  ),
];

/** The header that the new frontend system draws through `PageLayout`. */
function LegacyLayout(props: ComponentProps<Layout>) {
  return (
    <main>
      <PluginHeader
        title={props.title}
        titleLink={props.titleLink}
        icon={props.icon}
        tabs={props.tabs?.map(tab => ({
          ...tab,
          matchStrategy: 'prefix' as const,
        }))}
      />
      {props.children}
    </main>
  );
}

/** `/gns` and all below it, in a legacy app. */
export function LegacyGnsPage() {
  return compatWrapper(
    <GnsRouter
      icon={<RiGlobalLine />}
      views={views}
      tabs={tabs}
      Layout={LegacyLayout}
    />,
  );
}
