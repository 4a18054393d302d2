import {
  coreExtensionData,
  createExtensionBlueprint,
  ExtensionBoundary,
} from '@backstage/frontend-plugin-api';
import { type JSX } from 'react';
import { z } from 'zod/v4';
import { type TranslatedTitle, titleDataRef } from './title';

/** What a tab or a view is made of. */
export interface GnsPartParams {
  /** One path segment; the admin may change it. Empty: the page's own path. */
  path: string;
  title: TranslatedTitle;
  loader: () => Promise<JSX.Element>;
}

const configSchema = {
  path: z
    .string()
    .regex(/^[a-z0-9-]*$/, 'is no path segment: use a-z, 0-9 and -')
    .optional(),
  title: z.string().optional(),
};

/**
 * A tab of one global namespace, `/gns/<name>/<path>`. Other features add
 * theirs; their components read the global namespace with `useGnsStatus`.
 */
export const GnsTabBlueprint = createExtensionBlueprint({
  kind: 'gns-tab',
  attachTo: { id: 'page:gns', input: 'tabs' },
  output: [
    coreExtensionData.routePath,
    coreExtensionData.reactElement,
    titleDataRef,
  ],
  configSchema,
  *factory(params: GnsPartParams, { config, node }) {
    yield coreExtensionData.routePath(config.path ?? params.path);
    yield coreExtensionData.reactElement(
      ExtensionBoundary.lazy(node, params.loader),
    );
    yield titleDataRef(
      config.title === undefined ? params.title : () => config.title!,
    );
  },
});

/** A view beside the list of global namespaces, `/gns/<path>`. */
export const GnsViewBlueprint = createExtensionBlueprint({
  kind: 'gns-view',
  attachTo: { id: 'page:gns', input: 'views' },
  output: [
    coreExtensionData.routePath,
    coreExtensionData.reactElement,
    titleDataRef,
  ],
  configSchema,
  *factory(params: GnsPartParams, { config, node }) {
    yield coreExtensionData.routePath(config.path ?? params.path);
    yield coreExtensionData.reactElement(
      ExtensionBoundary.lazy(node, params.loader),
    );
    yield titleDataRef(
      config.title === undefined ? params.title : () => config.title!,
    );
  },
});
