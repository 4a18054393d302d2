import {
  DependencyGraph,
  DependencyGraphTypes,
} from '@backstage/core-components';
import { bigTraffic } from './bigTraffic';

/** The graph component of Backstage's catalog with the same services and calls, for `bench/topologyFrames`. */
export function PeerGraph(props: { services: number }) {
  const traffic = bigTraffic(props.services);
  return (
    <div style={{ height: 640 }} data-testid="peer">
      <DependencyGraph
        nodes={traffic.nodes
          .filter(node => node.kind === 'service')
          .map(node => ({ id: node.id }))}
        edges={traffic.edges.map(edge => ({
          from: edge.source,
          to: edge.target,
        }))}
        direction={DependencyGraphTypes.Direction.LEFT_RIGHT}
        zoom="enabled"
        fit="contain"
      />
    </div>
  );
}
