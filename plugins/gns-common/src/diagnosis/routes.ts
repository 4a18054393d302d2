import type { Route } from '../rest/routes';
import { diagnosisSchema } from './schemas';

/** Routes for whoever asks why a call fails. */
export const diagnosisRoutes: Route[] = [
  {
    method: 'get',
    path: '/diagnose',
    operationId: 'diagnose',
    tag: 'global-namespaces',
    summary:
      'Why one cannot call the other: each link of the chain with its evidence, and the first that does not hold',
    query: {
      from: 'Who calls: `<cluster>/<namespace>[/<workload>]`, `<gns>/<service>`, a host, or an entity reference; `workload:` or `service:` before it says which',
      to: 'Who is called, in the same forms',
      port: 'The port that is called; any when it is left out',
    },
    response: diagnosisSchema,
    status: 200,
    permission: 'gns.definition.read',
  },
];
