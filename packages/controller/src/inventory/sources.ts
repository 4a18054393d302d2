import { z } from 'zod';
import {
  InventoryKind,
  gatewaySchema,
  meshFactsSchema,
  namespaceSchema,
  serviceSchema,
  workloadSchema,
} from '@isthmus/plugin-gns-common';

/** Objects of others that namespaces tell of where they can be read. */
export type ForeignSource =
  | 'authorizationPolicies'
  | 'sidecars'
  | 'destinationRules';

/** One thing that is listed and watched. */
export type Source =
  | 'namespaces'
  | 'nodes'
  | 'services'
  | 'pods'
  | 'peerAuthentications'
  | 'proxyConfigs'
  | ForeignSource
  | 'istiod'
  | 'meshConfig'
  | 'rootCertificates'
  | 'ownDeployment';

/** What each kind of inventory is made from: it is complete when they all are. */
export const SOURCES: Readonly<Record<InventoryKind, readonly Source[]>> = {
  mesh: ['namespaces', 'nodes', 'istiod', 'meshConfig', 'rootCertificates'],
  namespaces: [
    'namespaces',
    'peerAuthentications',
    'proxyConfigs',
    'meshConfig',
  ],
  services: ['services'],
  workloads: ['pods', 'nodes'],
  gateways: ['services', 'pods', 'namespaces'],
};

/** What each kind tells of: beside that, what it is complete without, and then says that it was not read. */
export const TOLD_OF: Readonly<Record<InventoryKind, readonly Source[]>> = {
  ...SOURCES,
  namespaces: [
    ...SOURCES.namespaces,
    'authorizationPolicies',
    'sidecars',
    'destinationRules',
  ],
};

/** The contract's bounds of each kind's items. */
export const ITEM_SCHEMAS: Readonly<Record<InventoryKind, z.ZodType>> = {
  mesh: meshFactsSchema,
  namespaces: namespaceSchema,
  services: serviceSchema,
  workloads: workloadSchema,
  gateways: gatewaySchema,
};
