import type { Route } from '../rest/routes';
import * as s from './sloSchemas';

/** Objectives for people: compliance, budgets, alerts. The definitions themselves are under `/definitions`. */
export const sloRoutes: Route[] = [
  {
    method: 'get',
    path: '/slos',
    operationId: 'listSlos',
    tag: 'slos',
    summary: 'Objectives with compliance, worst first',
    query: {
      gns: 'Only of this global namespace',
      service:
        'Only of this service: its host label, with `gns`; or `<gns>/<service>[,…]` as in the entity annotation',
      owner:
        'Only of this owner: an entity reference; may stand more than once',
      state: `${s.SLO_STATES.join(', ')}; may stand more than once`,
      text: 'Only with this text in name, title, service or global namespace',
      cursor: 'From nextCursor',
      limit: '1 to 1,000, 100 by default',
    },
    response: s.sloListSchema,
    status: 200,
    permission: 'gns.definition.read',
  },
  {
    method: 'get',
    path: '/slos/{gns}/{name}',
    operationId: 'getSlo',
    tag: 'slos',
    summary:
      'One objective: budget over time, burn rates, slices, latency, parts, events',
    query: { objective: 'Which one the slices are of; the worst by default' },
    response: s.sloDetailSchema,
    status: 200,
    permission: 'gns.definition.read',
  },
  {
    method: 'post',
    path: '/slos/preview',
    operationId: 'previewSlo',
    tag: 'slos',
    summary:
      'What a proposed objective would have said of the stored past; writes nothing',
    request: s.sloPreviewRequestSchema,
    response: s.sloPreviewSchema,
    status: 200,
    permission: 'gns.definition.read',
  },
  {
    method: 'get',
    path: '/slos/{gns}/{name}/openslo',
    operationId: 'exportOpenSlo',
    tag: 'slos',
    summary: 'The definition as OpenSLO v1, and what other tools lose',
    response: s.openSloExportSchema,
    status: 200,
    permission: 'gns.definition.read',
  },
  {
    method: 'post',
    path: '/slos/openslo',
    operationId: 'importOpenSlo',
    tag: 'slos',
    summary:
      'Makes definitions of OpenSLO v1, and says what is lost; writes nothing',
    request: s.openSloImportRequestSchema,
    response: s.openSloImportSchema,
    status: 200,
    permission: 'gns.definition.read',
  },
  {
    method: 'post',
    path: '/slos/annotations',
    operationId: 'annotateSlos',
    tag: 'slos',
    summary: 'A note on the time axis, for example of a deployment',
    request: s.sloAnnotationRequestSchema,
    response: s.sloEventSchema,
    status: 201,
    permission: 'gns.definition.update',
  },
  {
    method: 'get',
    path: '/slo-actions',
    operationId: 'listSloActions',
    tag: 'slos',
    summary:
      'Services with an actionable objective, and whether they may be scaled down',
    query: {
      gns: 'Only of this global namespace',
      service: 'Only of this service, by host label',
    },
    response: s.sloActionListSchema,
    status: 200,
    permission: 'gns.definition.read',
  },
];
