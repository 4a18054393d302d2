import { createContext, memo, useContext } from 'react';
import { type NodeHandle, type NodeProps } from '@xyflow/react';
import { RiDoorOpenLine, RiServerLine } from '@remixicon/react';
import { type Health } from '@isthmus/plugin-gns-common';
import { HealthMark } from '../components/state/HealthMark';
import { useReadyText } from '../components/state/Ready';
import { type FlowBox } from './flow';
import { type Spotlight } from './spotlight';
import styles from './topology.module.css';

/** What stays bright; undefined: everything. */
export const SpotlightContext = createContext<Spotlight | undefined>(undefined);

function useLook(id: string, kind: string, health: Health): string {
  const spotlight = useContext(SpotlightContext);
  return [
    kind,
    health === 'healthy' ? '' : styles[health],
    spotlight?.selected === id ? styles.chosen : '',
    spotlight && !spotlight.boxes.has(id) ? styles.dim : '',
  ]
    .filter(Boolean)
    .join(' ');
}

/**
 * Where lines end. React Flow reads the places from the page once a box is
 * mounted, also when they were given: so they are there, as bare as can be.
 */
const Anchors = memo((props: { anchors: readonly NodeHandle[] }) => (
  <>
    {props.anchors.map(anchor => (
      <span
        key={anchor.id}
        className={`${anchor.type} ${styles.anchor}`}
        data-handleid={anchor.id}
        data-handlepos={anchor.position}
        style={{ left: anchor.x, top: anchor.y }}
      />
    ))}
  </>
));

const ClusterBox = memo(({ id, data }: NodeProps<FlowBox>) => (
  <div className={useLook(id, styles.cluster, 'healthy')}>
    <div className={`${styles.head} ${styles.clusterHead}`}>
      <RiServerLine size={18} aria-hidden />
      <span className={styles.label}>{data.node.label}</span>
      <HealthMark health={data.node.health} iconOnly />
    </div>
    <Anchors anchors={data.anchors} />
  </div>
));

const NamespaceBox = memo(({ data }: NodeProps<FlowBox>) => (
  <div className={styles.namespace}>
    <div className={`${styles.head} ${styles.namespaceHead}`}>
      <span className={styles.label}>{data.node.label}</span>
    </div>
  </div>
));

const ServiceBox = memo(({ id, data }: NodeProps<FlowBox>) => {
  const readyText = useReadyText();
  const { node } = data;
  return (
    <div className={useLook(id, styles.service, node.health)}>
      <HealthMark health={node.health} iconOnly />
      <span className={styles.text}>
        <span className={styles.label}>{node.label}</span>
        <span className={styles.sub}>{readyText(node.ready, node.total)}</span>
      </span>
      <Anchors anchors={data.anchors} />
    </div>
  );
});

const GatewayBox = memo(({ id, data }: NodeProps<FlowBox>) => (
  <div className={useLook(id, styles.gateway, data.node.health)}>
    <RiDoorOpenLine size={16} aria-hidden />
    <span className={styles.label}>{data.node.label}</span>
    <HealthMark health={data.node.health} iconOnly />
    <Anchors anchors={data.anchors} />
  </div>
));

/** Draws nothing: see `arcRoom`. */
const Room = () => null;

export const nodeTypes = {
  room: Room,
  cluster: ClusterBox,
  namespace: NamespaceBox,
  service: ServiceBox,
  gateway: GatewayBox,
};
