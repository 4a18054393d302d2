import type { Cells } from '../codec/cells';
import { ClientEvidence, isCounted } from '../merge/countOnce';
import { addRows, EdgeSums, toColumns } from '../merge/EdgeSums';
import { Interner } from '../merge/Interner';
import type { EdgeResolver } from './resolveEdges';

/**
 * What SLOs are made of: the requests to each service of a global namespace in
 * one slice of one cluster, as clients and as servers saw them. Undefined: none.
 */
export function incrementsOf(
  resolver: EdgeResolver,
  gns: string,
  unscraped: ReadonlySet<string>,
): Cells | undefined {
  const { edges, reporter } = resolver;
  const services = new Interner<string>();
  const sums: EdgeSums[] = [];
  const of = (service: string, view: number) => {
    const i = services.of(service, service) * 2 + view;
    sums[i] ??= new EdgeSums();
    return sums[i];
  };
  const evidence = new ClientEvidence();
  evidence.gather(resolver);
  const clientKnown = (cluster: string, namespace: string) =>
    cluster !== reporter || !unscraped.has(namespace);
  const client: (EdgeSums | undefined)[] = [];
  const server: (EdgeSums | undefined)[] = [];
  for (let row = 0; row < edges.view.length; row += 1) {
    const called = resolver.called(row);
    if (called?.gns !== gns) continue;
    if (isCounted(resolver, row, { gns, evidence, clientKnown })) {
      client[row] = of(called.service, 0);
    }
    if (!resolver.isClientView(row)) server[row] = of(called.service, 1);
  }
  if (services.items.length === 0) return undefined;
  addRows(edges, client);
  addRows(edges, server);
  const filled = [...sums.keys()].filter(i => sums[i] !== undefined);
  return {
    services: services.items,
    service: filled.map(i => Math.floor(i / 2)),
    view: filled.map(i => i % 2),
    cell: filled.map(() => 0),
    columns: toColumns(filled.map(i => sums[i])),
  };
}
