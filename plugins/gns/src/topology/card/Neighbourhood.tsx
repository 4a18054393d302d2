import { lazy, Suspense, useCallback, useMemo } from 'react';
import { useNavigate } from 'react-router-dom';
import { Link, Skeleton, Text } from '@backstage/ui';
import { EntityRefLink } from '@backstage/plugin-catalog-react';
import { useRouteRef } from '@backstage/frontend-plugin-api';
import { type TrafficEdge, type TrafficNode } from '@isthmus/plugin-gns-common';
import { DataTable } from '../../components/state/DataTable';
import { HealthMark } from '../../components/state/HealthMark';
import { OwnerLink } from '../../components/state/OwnerLink';
import { useLive } from '../../live/useLive';
import { gnsTabRouteRef } from '../../routes';
import { useGnsTranslation } from '../../useGnsTranslation';
import { useAmounts, useGraphWords } from '../canvas/look';
import { CoverageNotes } from '../page/CoverageNotes';
import { usePlaced } from '../page/usePlaced';
import { useServiceEntities } from '../page/useServiceEntities';
import { type View, viewOf } from '../picture/view';
import { neighboursOf } from './neighboursOf';
import styles from './card.module.css';

const TopologyCanvas = lazy(() =>
  import('../canvas/TopologyCanvas').then(m => ({ default: m.TopologyCanvas })),
);

const HEIGHT = 280;
const NO_PINS = new Map<string, never>();
const LOOK = { quantile: 'p95', label: 'rate' } as const;

/** A service, who calls it and what it calls, with owners and rates: as picture and as table. */
export function Neighbourhood(props: { gns: string; service: string }) {
  const { gns, service } = props;
  const { t } = useGnsTranslation();
  const tabLink = useRouteRef(gnsTabRouteRef);
  const live = useLive(
    `traffic-neighbours/${gns}/${service}`,
    (api, signal) =>
      api.telemetry.getTraffic(gns, { service, level: 'service' }, signal),
    { topics: ['traffic', 'status', 'definitions', 'clusters'], gns },
  );
  const view = useMemo(
    () =>
      live.value &&
      viewOf(live.value, { edges: 'all', idle: true, strangers: true }),
    [live.value],
  );
  const { drawn } = usePlaced(view, 'service', NO_PINS);
  const topology = tabLink?.({ name: gns, tab: 'topology' });
  const navigate = useNavigate();
  const open = useCallback(
    (id: string | undefined) => {
      if (id === undefined || topology === undefined) return;
      navigate(`${topology}?${new URLSearchParams({ sel: id })}`);
    },
    [topology, navigate],
  );
  if (live.error && !live.value) {
    return (
      <Text color="secondary" variant="body-small">
        {t('neighbours.failed', { message: live.error.message })}
      </Text>
    );
  }
  if (!drawn || !live.value) return <Skeleton width="100%" height={HEIGHT} />;
  return (
    <div className={styles.neighbours}>
      <CoverageNotes
        coverage={live.value.coverage.filter(one =>
          [...drawn.view.nodes.values()].some(
            node => node.cluster === one.cluster,
          ),
        )}
      />
      <Suspense fallback={<Skeleton width="100%" height={HEIGHT} />}>
        <TopologyCanvas
          name={`${gns}/${service}`}
          view={drawn.view}
          placement={drawn.placement}
          pins={NO_PINS}
          look={LOOK}
          height={HEIGHT}
          onSelect={open}
          plain
        />
      </Suspense>
      <NeighbourTable gns={gns} service={service} view={drawn.view} />
      {topology ? (
        <Link
          href={`${topology}?${new URLSearchParams({
            find: `service = "${service}"`,
          })}`}
        >
          {t('neighbours.open')}
        </Link>
      ) : null}
    </div>
  );
}

function NeighbourTable(props: { gns: string; service: string; view: View }) {
  const { gns, service, view } = props;
  const { t } = useGnsTranslation();
  const amounts = useAmounts();
  const words = useGraphWords(view.nodes, 'p95');
  const entities = useServiceEntities(gns);
  const rows = useMemo(() => neighboursOf(view, service), [view, service]);
  const unknown = t('common.unknown');
  if (rows.length === 0) {
    return (
      <Text color="secondary" variant="body-small">
        {t('neighbours.none')}
      </Text>
    );
  }
  const entityOf = (node: TrafficNode) =>
    entities.state === 'known'
      ? entities.byService.get(node.service ?? node.services?.[0] ?? '')
      : undefined;
  const flow = (edge: TrafficEdge) =>
    edge.idle === true
      ? t('traffic.idle')
      : amounts.flow(edge.figures) ?? unknown;
  return (
    <DataTable
      label={t('neighbours.label', { name: `${gns}/${service}` })}
      rows={rows}
      rowKey={row => row.edge.id}
      columns={[
        {
          id: 'name',
          label: t('topology.name'),
          cell: ({ node }) => {
            const entity = entityOf(node);
            return entity ? (
              <EntityRefLink entityRef={entity.ref} title={node.label} />
            ) : (
              words.nodeName(node)
            );
          },
        },
        {
          id: 'direction',
          label: t('neighbours.direction'),
          cell: row => t(`direction.${row.direction}`),
        },
        {
          id: 'cluster',
          label: t('topology.cluster'),
          cell: ({ node }) => node.cluster ?? '—',
        },
        {
          id: 'owner',
          label: t('overview.owner'),
          cell: ({ node }) =>
            node.service === undefined ? (
              '—'
            ) : (
              <OwnerLink owner={entityOf(node)?.owner} />
            ),
        },
        {
          id: 'health',
          label: t('topology.health'),
          cell: ({ edge }) => <HealthMark health={edge.health} />,
        },
        {
          id: 'rate',
          label: t('panel.rate'),
          cell: ({ edge }) => flow(edge),
        },
        {
          id: 'errors',
          label: t('panel.errors'),
          cell: ({ edge }) => amounts.share(edge.figures.errorShare) ?? unknown,
        },
      ]}
    />
  );
}
