import { memo, useContext } from 'react';
import { type NodeProps } from '@xyflow/react';
import {
  RiCloudLine,
  RiDoorOpenLine,
  RiExternalLinkLine,
  RiFolderLine,
  RiGlobalLine,
  RiInstanceLine,
  RiPushpinLine,
  RiServerLine,
  RiUserShared2Line,
} from '@remixicon/react';
import { type TrafficNode } from '@isthmus/plugin-gns-common';
import { HealthMark } from '../../components/state/HealthMark';
import { useGnsTranslation } from '../../useGnsTranslation';
import { type FlowNode } from './flowModel';
import { LookContext, useAmounts, useEmphasis } from './look';
import { NodeMarkContext } from './NodeMark';
import styles from './canvas.module.css';

const ICONS = {
  cluster: RiServerLine,
  namespace: RiFolderLine,
  service: RiCloudLine,
  workload: RiInstanceLine,
  gateway: RiDoorOpenLine,
  outside: RiUserShared2Line,
  foreign: RiGlobalLine,
  external: RiExternalLinkLine,
} as const;

/**
 * Where lines end. React Flow reads the places from the page once a node is
 * mounted, also when they were given: so they are there, as bare as can be.
 */
const Anchors = memo((props: { width: number; height: number }) => (
  <>
    <span
      className={`source ${styles.anchor}`}
      data-handlepos="right"
      style={{ left: props.width, top: Math.round(props.height / 2) }}
    />
    <span
      className={`target ${styles.anchor}`}
      data-handlepos="left"
      style={{ left: 0, top: Math.round(props.height / 2) }}
    />
  </>
));

function useNodeClass(
  base: string,
  id: string,
  node: TrafficNode,
  isBox: boolean,
) {
  const look = useEmphasis(id, isBox);
  return [
    base,
    styles[node.health],
    node.idle === true && !isBox ? styles.idle : '',
    node.idle === null ? styles.unknownTraffic : '',
    look.isSelected ? styles.selected : '',
    look.isFound ? styles.found : '',
    look.isDim ? styles.dim : '',
  ]
    .filter(Boolean)
    .join(' ');
}

function useNodeName(node: TrafficNode): string {
  const { t } = useGnsTranslation();
  if (node.kind !== 'outside') return node.label;
  return node.cluster
    ? t('traffic.outsideOf', { cluster: node.cluster })
    : t('traffic.outside');
}

/** A node with its figures. */
export const LeafNode = memo(
  ({ id, data, width, height }: NodeProps<FlowNode>) => {
    const { t } = useGnsTranslation();
    const { node } = data;
    const { quantile } = useContext(LookContext);
    const Mark = useContext(NodeMarkContext);
    const amounts = useAmounts();
    const name = useNodeName(node);
    const Icon = ICONS[node.kind];
    const figures =
      node.kind === 'outside' || node.kind === 'foreign'
        ? node.outbound
        : node.inbound;
    const parts = [
      amounts.flow(figures),
      figures.errorShare ? amounts.share(figures.errorShare) : undefined,
      figures.requests ? amounts.quantile(figures, quantile) : undefined,
    ].filter(part => part !== undefined);
    const text = parts.length > 0 ? parts.join(' · ') : t('traffic.noFigures');
    return (
      <div className={useNodeClass(styles.leaf, id, node, false)} title={name}>
        <Icon size={18} className={styles.kind} aria-hidden />
        <span className={styles.text}>
          <span className={styles.name}>{name}</span>
          <span className={styles.figures}>
            {node.idle === true ? t('traffic.idle') : text}
          </span>
        </span>
        {data.isPinned ? (
          <RiPushpinLine size={14} aria-label={t('traffic.pinned')} />
        ) : null}
        {Mark && node.service !== undefined ? <Mark node={node} /> : null}
        <HealthMark health={node.health} iconOnly />
        <Anchors width={width ?? 0} height={height ?? 0} />
      </div>
    );
  },
);

/** A box around others. */
export const BoxNode = memo(
  ({ id, data, width, height }: NodeProps<FlowNode>) => {
    const { t } = useGnsTranslation();
    const { node } = data;
    const Icon = ICONS[node.kind];
    const kind = node.kind === 'cluster' ? styles.cluster : styles.namespace;
    return (
      <div className={useNodeClass(`${styles.box} ${kind}`, id, node, true)}>
        <div className={styles.head}>
          <Icon size={16} aria-hidden />
          <span className={styles.name}>{node.label}</span>
          {node.kind === 'cluster' && node.idle === null ? (
            <span className={styles.silent}>{t('traffic.noTelemetry')}</span>
          ) : null}
          <HealthMark health={node.health} iconOnly />
        </div>
        <Anchors width={width ?? 0} height={height ?? 0} />
      </div>
    );
  },
);

export const nodeTypes = { leaf: LeafNode, box: BoxNode };
