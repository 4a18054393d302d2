import { ButtonIcon } from '@backstage/ui';
import { RiCloseLine } from '@remixicon/react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { CopyButton } from '../components/state/CopyButton';
import { HealthMark } from '../components/state/HealthMark';
import { useReadyText } from '../components/state/Ready';
import { gnsTranslationRef } from '../translation';
import { reachableFrom, type TopologyGraph } from './graph';
import styles from './topology.module.css';

/** Details of the service that is selected in the graph. */
export function SelectedService(props: {
  graph: TopologyGraph;
  id: string;
  onClose: () => void;
}) {
  const { t } = useTranslationRef(gnsTranslationRef);
  const readyText = useReadyText();
  const node = props.graph.nodes.get(props.id);
  if (!node) return null;
  const from = reachableFrom(props.graph).get(node.id);
  const others = [...props.graph.nodes.values()]
    .filter(
      other =>
        other.kind === 'service' &&
        other.id !== node.id &&
        other.host !== undefined &&
        other.host === node.host,
    )
    .map(other => `${other.cluster} / ${other.namespace}`);
  return (
    <section className={styles.panel} aria-label={node.label}>
      <div className={styles.panelHead}>
        <span className={styles.label}>{node.label}</span>
        <ButtonIcon
          size="small"
          variant="tertiary"
          aria-label={t('topology.close')}
          icon={<RiCloseLine />}
          onPress={props.onClose}
        />
      </div>
      <HealthMark health={node.health} />
      <dl>
        {node.host ? (
          <>
            <dt>{t('services.host')}</dt>
            <dd className={styles.host}>
              <code>{node.host}</code>
              <CopyButton text={node.host} />
            </dd>
          </>
        ) : null}
        <dt>{t('topology.cluster')}</dt>
        <dd>{node.cluster}</dd>
        <dt>{t('topology.namespace')}</dt>
        <dd>{node.namespace}</dd>
        <dt>{t('topology.ready')}</dt>
        <dd>{readyText(node.ready, node.total)}</dd>
        <dt>{t('topology.reachableFrom')}</dt>
        <dd>{from?.join(', ') ?? t('topology.onlyLocal')}</dd>
        {others.length > 0 ? (
          <>
            <dt>{t('topology.alsoIn')}</dt>
            <dd>{others.join(', ')}</dd>
          </>
        ) : null}
      </dl>
    </section>
  );
}
