import { type ReactNode } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { CopyButton } from '../components/state/CopyButton';
import { HealthMark } from '../components/state/HealthMark';
import { useReadyText } from '../components/state/Ready';
import { gnsTranslationRef } from '../translation';
import { reachableFrom, type TopologyGraph } from './graph';
import styles from './topology.module.css';

/**
 * Details of the selected service, below the graph. The space is there before
 * anything is selected, so that nothing jumps.
 */
export function SelectedService(props: { graph: TopologyGraph; id?: string }) {
  const { t } = useTranslationRef(gnsTranslationRef);
  const readyText = useReadyText();
  const { graph, id } = props;
  const node = id === undefined ? undefined : graph.nodes.get(id);
  if (!node) {
    return (
      <div className={styles.details}>
        <span className={styles.hint}>{t('topology.hint')}</span>
      </div>
    );
  }
  const from = reachableFrom(graph).get(node.id);
  const others = [...graph.nodes.values()]
    .filter(
      other =>
        other.kind === 'service' &&
        other.id !== node.id &&
        other.host !== undefined &&
        other.host === node.host,
    )
    .map(other => `${other.cluster} / ${other.namespace}`);
  const facts: [string, ReactNode][] = [
    [
      t('services.host'),
      node.host ? (
        <span className={styles.host}>
          <code>{node.host}</code>
          <CopyButton text={node.host} />
        </span>
      ) : (
        t('common.unknown')
      ),
    ],
    [t('topology.cluster'), `${node.cluster} / ${node.namespace}`],
    [t('topology.ready'), readyText(node.ready, node.total)],
    [t('topology.reachableFrom'), from?.join(', ') ?? t('topology.onlyLocal')],
    [t('topology.alsoIn'), others.join(', ') || t('common.none')],
  ];
  return (
    <section
      className={styles.details}
      aria-label={node.label}
      aria-live="polite"
    >
      <strong className={styles.host}>
        <HealthMark health={node.health} iconOnly />
        {node.label}
      </strong>
      <dl className={styles.facts}>
        {facts.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
