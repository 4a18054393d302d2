import { createFrontendPlugin } from '@backstage/frontend-plugin-api';
import { RiGlobalLine } from '@remixicon/react';
import { PLUGIN_ID } from '@isthmus/plugin-gns-common';
import { gnsApi } from './extensions/apis';
import { clusterSections } from './extensions/clusterSections';
import { meshContent, sloCard, topologyCard } from './extensions/entityCard';
import { formFields } from './extensions/formFields';
import { gnsPage } from './extensions/page';
import { tabs } from './extensions/tabs';
import { views } from './extensions/views';
import {
  clusterRouteRef,
  clustersRouteRef,
  connectRouteRef,
  decisionsRouteRef,
  deleteRouteRef,
  diagnoseRouteRef,
  editRouteRef,
  gnsServiceRouteRef,
  gnsTabRouteRef,
  newGnsRouteRef,
  restoreRouteRef,
  rolloutRouteRef,
  importSloRouteRef,
  newSloRouteRef,
  editSloRouteRef,
  rootRouteRef,
  sloRouteRef,
  slosRouteRef,
} from './routes';
import { gnsMessages } from './translation';

/** Global namespaces: pages, topology and entity card. */
export const gnsPlugin = createFrontendPlugin({
  pluginId: PLUGIN_ID,
  title: gnsMessages.page.title,
  icon: <RiGlobalLine />,
  info: { packageJson: () => import('../package.json') },
  routes: {
    root: rootRouteRef,
    clusters: clustersRouteRef,
    decisions: decisionsRouteRef,
    globalNamespace: gnsTabRouteRef,
    create: newGnsRouteRef,
    edit: editRouteRef,
    delete: deleteRouteRef,
    restore: restoreRouteRef,
    rollout: rolloutRouteRef,
    cluster: clusterRouteRef,
    connect: connectRouteRef,
    diagnose: diagnoseRouteRef,
    globalService: gnsServiceRouteRef,
    objectives: slosRouteRef,
    objective: sloRouteRef,
    createObjective: newSloRouteRef,
    importObjectives: importSloRouteRef,
    editObjective: editSloRouteRef,
  },
  extensions: [
    gnsApi,
    gnsPage,
    ...views,
    ...tabs,
    ...clusterSections,
    topologyCard,
    sloCard,
    meshContent,
    ...formFields,
  ],
});
