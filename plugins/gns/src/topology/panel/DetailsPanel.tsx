import { type ReactNode } from 'react';
import { ButtonIcon, Link, Text } from '@backstage/ui';
import { RiCloseLine } from '@remixicon/react';
import { EntityRefLink } from '@backstage/plugin-catalog-react';
import { useRouteRef } from '@backstage/frontend-plugin-api';
import {
  type QuantileName,
  type TrafficEdge,
  type TrafficFigures,
  type TrafficNode,
} from '@isthmus/plugin-gns-common';
import { CopyButton } from '../../components/state/CopyButton';
import { HealthMark } from '../../components/state/HealthMark';
import { OwnerLink } from '../../components/state/OwnerLink';
import { useReadyText } from '../../components/state/Ready';
import { RelativeTime } from '../../components/state/RelativeTime';
import { clusterRouteRef, gnsTabRouteRef } from '../../routes';
import { useGnsTranslation } from '../../useGnsTranslation';
import { useAmounts, useGraphWords } from '../canvas/look';
import { type ServiceEntities } from '../page/useServiceEntities';
import { type View } from '../picture/view';
import { SeriesView } from './SeriesView';
import styles from './panel.module.css';

export interface DetailsPanelProps {
  gns: string;
  view: View;
  selected?: string;
  quantile: QuantileName;
  at?: string;
  entities: ServiceEntities;
  /** What others add for a service: its objectives. */
  extra?: (node: TrafficNode) => ReactNode;
  onSelect: (id: string | undefined) => void;
}

/** What is known of the selected node or call, with its course and its neighbours. */
export function DetailsPanel(props: DetailsPanelProps) {
  const { t } = useGnsTranslation();
  const { view, selected, onSelect } = props;
  const words = useGraphWords(view.nodes, props.quantile);
  const node = selected === undefined ? undefined : view.nodes.get(selected);
  const edge = selected === undefined ? undefined : view.edges.get(selected);
  if (!node && !edge) {
    return (
      <section className={styles.panel} aria-label={t('panel.label')}>
        <div className={styles.title}>
          <Text color="secondary" variant="body-small">
            {t('panel.gone')}
          </Text>
          <ButtonIcon
            size="small"
            variant="tertiary"
            aria-label={t('panel.close')}
            icon={<RiCloseLine />}
            onPress={() => onSelect(undefined)}
          />
        </div>
      </section>
    );
  }
  const name = node
    ? words.nodeName(node)
    : `${words.nameOf(edge!.source)} → ${words.nameOf(edge!.target)}`;
  return (
    <section className={styles.panel} aria-label={name} aria-live="polite">
      <div className={styles.title}>
        <HealthMark health={(node ?? edge)!.health} iconOnly />
        <Text as="h3" variant="body-large" weight="bold">
          {name}
        </Text>
        <ButtonIcon
          size="small"
          variant="tertiary"
          aria-label={t('panel.close')}
          icon={<RiCloseLine />}
          onPress={() => onSelect(undefined)}
        />
      </div>
      {node ? (
        <NodeDetails {...props} node={node} />
      ) : (
        <EdgeDetails {...props} edge={edge!} />
      )}
    </section>
  );
}

function Facts(props: { facts: readonly (readonly [string, ReactNode])[] }) {
  return (
    <dl className={styles.facts}>
      {props.facts.map(([label, value]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function useFigureFacts(figures: TrafficFigures): [string, ReactNode][] {
  const { t } = useGnsTranslation();
  const amounts = useAmounts();
  // Of no requests there is no share and no latency: that is known.
  const unknown = figures.requests === 0 ? '—' : t('common.unknown');
  const facts: [string, ReactNode][] = [];
  if (figures.requests !== null || !figures.tcp) {
    facts.push(
      [t('panel.rate'), amounts.rate(figures.requests) ?? unknown],
      [t('panel.errors'), amounts.share(figures.errorShare) ?? unknown],
      [
        t('panel.clientErrors'),
        amounts.share(figures.clientErrorShare) ?? unknown,
      ],
      [
        t('panel.latency'),
        (['p50', 'p95', 'p99'] as const)
          .map(q => amounts.quantile(figures, q) ?? unknown)
          .join(' / '),
      ],
    );
  }
  if (figures.tcp) {
    facts.push([
      t('panel.bytes'),
      [figures.tcp.bytesToServer, figures.tcp.bytesToClient]
        .map(bytes => amounts.bytes(bytes) ?? unknown)
        .join(' / '),
    ]);
  }
  facts.push([t('panel.mtls'), amounts.share(figures.mtlsShare) ?? unknown]);
  if (figures.known < 0.995) {
    facts.push([t('panel.known'), amounts.share(figures.known) ?? unknown]);
  }
  return facts;
}

function NodeDetails(props: DetailsPanelProps & { node: TrafficNode }) {
  const { t } = useGnsTranslation();
  const readyText = useReadyText();
  const tabLink = useRouteRef(gnsTabRouteRef);
  const clusterLink = useRouteRef(clusterRouteRef);
  const { node, gns, entities } = props;
  const inbound = useFigureFacts(node.inbound);
  const outbound = useFigureFacts(node.outbound);
  const isCaller = node.kind === 'outside' || node.kind === 'foreign';
  const facts: [string, ReactNode][] = [
    [t('panel.kind'), t(`kind.${node.kind}`)],
  ];
  if (node.host) {
    facts.push([
      t('services.host'),
      <span key="host" className={styles.host}>
        <code>{node.host}</code>
        <CopyButton text={node.host} />
      </span>,
    ]);
  }
  if (node.cluster) {
    facts.push([
      t('topology.cluster'),
      <Link
        key="cluster"
        href={clusterLink?.({ cluster: node.cluster }) ?? '#'}
      >
        {node.cluster}
      </Link>,
    ]);
  }
  if (node.namespace) facts.push([t('topology.namespace'), node.namespace]);
  if (node.ready !== undefined) {
    facts.push([t('topology.ready'), readyText(node.ready, node.pods)]);
  }
  if (node.version) facts.push([t('panel.version'), node.version]);
  if (node.otherGns) {
    facts.push([
      t('panel.otherGns'),
      <Link
        key="gns"
        href={tabLink?.({ name: node.otherGns, tab: 'topology' }) ?? '#'}
      >
        {node.otherGns}
      </Link>,
    ]);
  }
  const service = node.service ?? node.services?.[0];
  return (
    <>
      <Facts facts={facts} />
      {service === undefined ? null : (
        <EntityFacts service={service} entities={entities} />
      )}
      {props.extra?.(node)}
      <h4 className={styles.heading}>
        {isCaller ? t('panel.sends') : t('panel.receives')}
      </h4>
      <Facts facts={isCaller ? outbound : inbound} />
      <SeriesView
        gns={gns}
        node={node.id}
        direction={isCaller ? 'outbound' : 'inbound'}
        at={props.at}
        quantile={props.quantile}
      />
      <Neighbours {...props} node={node} end="target" />
      <Neighbours {...props} node={node} end="source" />
    </>
  );
}

function EntityFacts(props: { service: string; entities: ServiceEntities }) {
  const { t } = useGnsTranslation();
  const { entities, service } = props;
  if (entities.state === 'loading') return null;
  if (entities.state === 'failed') {
    return (
      <Text color="secondary" variant="body-small">
        {t('panel.noCatalog', { message: entities.error.message })}
      </Text>
    );
  }
  const entity = entities.byService.get(service);
  if (!entity) {
    return (
      <Text color="secondary" variant="body-small">
        {t('panel.noEntity', { service })}
      </Text>
    );
  }
  return (
    <Facts
      facts={[
        [
          t('panel.entity'),
          <EntityRefLink key="entity" entityRef={entity.ref} />,
        ],
        [t('overview.owner'), <OwnerLink key="owner" owner={entity.owner} />],
      ]}
    />
  );
}

/** Callers (edges that end here) or the called, the busiest first. */
function Neighbours(
  props: DetailsPanelProps & { node: TrafficNode; end: 'source' | 'target' },
) {
  const { t } = useGnsTranslation();
  const amounts = useAmounts();
  const { view, node, end, quantile, onSelect } = props;
  const words = useGraphWords(view.nodes, quantile);
  const edges = [...view.edges.values()]
    .filter(edge => edge[end] === node.id)
    .sort((a, b) => (b.figures.requests ?? 0) - (a.figures.requests ?? 0));
  if (edges.length === 0) return null;
  return (
    <>
      <h4 className={styles.heading}>
        {end === 'target'
          ? t('panel.callers', { count: edges.length })
          : t('panel.calls', { count: edges.length })}
      </h4>
      <ul className={styles.list}>
        {edges.map(edge => (
          <li key={edge.id}>
            <button
              type="button"
              title={words.edge(edge)}
              onClick={() => onSelect(edge.id)}
            >
              <HealthMark health={edge.health} iconOnly />
              <span className={styles.grow}>
                {words.nameOf(end === 'target' ? edge.source : edge.target)}
              </span>
              <span className={styles.number}>
                {edge.idle === true
                  ? t('traffic.idle')
                  : amounts.flow(edge.figures) ?? t('common.unknown')}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

function EdgeDetails(props: DetailsPanelProps & { edge: TrafficEdge }) {
  const { t } = useGnsTranslation();
  const { edge, view, onSelect } = props;
  const words = useGraphWords(view.nodes, props.quantile);
  const figures = useFigureFacts(edge.figures);
  const end = (id: string) => (
    <button type="button" className={styles.link} onClick={() => onSelect(id)}>
      {words.nameOf(id)}
    </button>
  );
  return (
    <>
      <Facts
        facts={[
          [t('panel.from'), end(edge.source)],
          [t('panel.to'), end(edge.target)],
          [t('panel.protocol'), edge.protocol],
          [t('panel.reportedBy'), t(`reportedBy.${edge.reportedBy}`)],
          [
            t('panel.crossCluster'),
            edge.crossCluster ? t('panel.yes') : t('panel.no'),
          ],
          ...(edge.lastSeenAt === undefined
            ? []
            : ([
                [
                  t('panel.lastSeen'),
                  <RelativeTime key="seen" at={edge.lastSeenAt} />,
                ],
              ] as [string, ReactNode][])),
        ]}
      />
      <h4 className={styles.heading}>{t('panel.flows')}</h4>
      <Facts facts={figures} />
      <SeriesView
        gns={props.gns}
        edge={edge.id}
        at={props.at}
        quantile={props.quantile}
      />
    </>
  );
}
