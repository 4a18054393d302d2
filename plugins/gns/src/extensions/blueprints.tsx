import {
  coreExtensionData,
  createExtensionBlueprint,
  ExtensionBoundary,
} from '@backstage/frontend-plugin-api';
import { type JSX } from 'react';
import { z } from 'zod/v4';
import { partDataRef } from './part';
import { type TranslatedTitle, titleDataRef } from './title';

/** What a tab or a view is made of. */
export interface GnsPartParams {
  /**
   * Segments of the path, `services` or `services/:service`; the admin may
   * change them. Empty: the page's own path.
   */
  path: string;
  title: TranslatedTitle;
  loader: () => Promise<JSX.Element>;
  /** False: no tab of its own, other pages link to it. */
  listed?: boolean;
}

const configSchema = {
  path: z
    .string()
    .regex(
      /^([a-z0-9-]+(\/:?[a-zA-Z0-9-]+)*)?$/,
      'is no path: use a-z, 0-9 and -, and keep the parts that start with a colon',
    )
    .optional(),
  title: z.string().optional(),
};

const output = [
  coreExtensionData.routePath,
  coreExtensionData.reactElement,
  titleDataRef,
  partDataRef,
] as const;

/**
 * A tab of one global namespace, `/gns/<name>/<path>`. Other features add
 * theirs; their components read the global namespace with `useGnsStatus`.
 */
export const GnsTabBlueprint = createExtensionBlueprint({
  kind: 'gns-tab',
  attachTo: { id: 'page:gns', input: 'tabs' },
  output: [...output],
  configSchema,
  *factory(params: GnsPartParams, { config, node }) {
    yield coreExtensionData.routePath(config.path ?? params.path);
    yield coreExtensionData.reactElement(
      ExtensionBoundary.lazy(node, params.loader),
    );
    yield titleDataRef(
      config.title === undefined ? params.title : () => config.title!,
    );
    yield partDataRef({
      ownPath: params.path,
      listed: params.listed ?? true,
    });
  },
});

/**
 * A view beside the list of global namespaces: `/gns/<path>` with a tab of its
 * own, `/gns/-/<path>` without.
 */
export const GnsViewBlueprint = createExtensionBlueprint({
  kind: 'gns-view',
  attachTo: { id: 'page:gns', input: 'views' },
  output: [...output],
  configSchema,
  *factory(params: GnsPartParams, { config, node }) {
    yield coreExtensionData.routePath(config.path ?? params.path);
    yield coreExtensionData.reactElement(
      ExtensionBoundary.lazy(node, params.loader),
    );
    yield titleDataRef(
      config.title === undefined ? params.title : () => config.title!,
    );
    yield partDataRef({
      ownPath: params.path,
      listed: params.listed ?? true,
    });
  },
});

/** What a section of a page is made of. */
export interface GnsSectionParams {
  title: TranslatedTitle;
  loader: () => Promise<JSX.Element>;
}

const sectionConfig = { title: z.string().optional() };
const sectionOutput = [coreExtensionData.reactElement, titleDataRef] as const;

/**
 * A section of the page of one cluster, `/gns/-/clusters/<cluster>`; its
 * component reads the cluster with `useCluster`.
 */
export const GnsClusterSectionBlueprint = createExtensionBlueprint({
  kind: 'gns-cluster-section',
  attachTo: { id: 'gns-view:gns/cluster', input: 'sections' },
  output: [...sectionOutput],
  configSchema: sectionConfig,
  *factory(params: GnsSectionParams, { config, node }) {
    yield coreExtensionData.reactElement(
      ExtensionBoundary.lazy(node, params.loader),
    );
    yield titleDataRef(
      config.title === undefined ? params.title : () => config.title!,
    );
  },
});

/**
 * A section of the page of one global service,
 * `/gns/<name>/services/<service>`; its component reads the service with
 * `useGlobalService`.
 */
export const GnsServiceSectionBlueprint = createExtensionBlueprint({
  kind: 'gns-service-section',
  attachTo: { id: 'gns-tab:gns/service', input: 'sections' },
  output: [...sectionOutput],
  configSchema: sectionConfig,
  *factory(params: GnsSectionParams, { config, node }) {
    yield coreExtensionData.reactElement(
      ExtensionBoundary.lazy(node, params.loader),
    );
    yield titleDataRef(
      config.title === undefined ? params.title : () => config.title!,
    );
  },
});
