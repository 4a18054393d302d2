import { z } from 'zod';
import type { Route } from './routes';

/** One place where a global service runs. */
export const servicePlaceSchema = z.strictObject({
  /** Name of the member cluster. */
  cluster: z.string(),
  namespace: z.string(),
  /** Name of the Kubernetes Service there. */
  service: z.string(),
  /** Labels of that Service and, below them, of the pods behind it. */
  labels: z.record(z.string(), z.string()),
});
export type ServicePlace = z.infer<typeof servicePlaceSchema>;

/**
 * One global service, for catalogs, search and pickers: who offers it and by
 * which labels its Kubernetes objects are known, without figures that change
 * by the minute.
 */
export const indexedServiceSchema = z.strictObject({
  gns: z.string(),
  /** Title of the global namespace. */
  gnsTitle: z.string().optional(),
  /** Owner of the global namespace. */
  owner: z.string().optional(),
  /** The host label. */
  name: z.string(),
  host: z.string(),
  places: z.array(servicePlaceSchema),
});
export type IndexedService = z.infer<typeof indexedServiceSchema>;

export const serviceIndexSchema = z.strictObject({
  items: z.array(indexedServiceSchema),
  /** Opaque; absent: this was the last page. */
  nextCursor: z.string().optional(),
});

/** `GET services`: all global services that one may read. */
export const serviceIndexRoutes: Route[] = [
  {
    method: 'get',
    path: '/services',
    operationId: 'listServices',
    tag: 'global-namespaces',
    summary:
      'Global services of all global namespaces that you may read, with the labels of their Kubernetes objects',
    query: {
      gns: 'Only of this global namespace',
      cursor: 'From nextCursor',
      limit: '1 to 1000, 500 by default',
    },
    response: serviceIndexSchema,
    status: 200,
    permission: 'gns.definition.read',
  },
];
