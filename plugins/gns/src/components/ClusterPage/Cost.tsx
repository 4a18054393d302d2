import { Alert, Button, Text } from '@backstage/ui';
import { type Consequences } from '@isthmus/plugin-gns-common';
import { StatementList } from '../../change/StatementList';
import { useTotalsText } from '../../change/useStatementText';
import { type Live, useLive } from '../../live/useLive';
import { useGnsTranslation } from '../../useGnsTranslation';
import { SkeletonRows } from '../state/LiveView';
import { readProblem } from '../state/readProblem';
import { type ClusterDeed } from './clusterActions';

/** What a deed would cost, as the hub reckons it now. */
export function useCost(
  cluster: string,
  deed: ClusterDeed,
): Live<Consequences | undefined> {
  return useLive(
    `consequences/${cluster}/${deed}`,
    async (api, signal) =>
      deed === 'forget'
        ? undefined
        : api.getConsequences(cluster, deed, signal),
    { topics: ['clusters', 'definitions'] },
  );
}

/** The cost in words, or that nobody can tell it, and what that means. */
export function Cost(props: { cost: Live<Consequences | undefined> }) {
  const { t } = useGnsTranslation();
  const totals = useTotalsText();
  const { value, error, reload } = props.cost;
  if (value) {
    return (
      <section aria-label={t('cluster.cost')}>
        <Text as="h3" variant="body-large" weight="bold">
          {totals(value.totals)}
        </Text>
        <StatementList
          label={t('cluster.cost')}
          statements={value.statements}
        />
      </section>
    );
  }
  if (!error) return <SkeletonRows rows={3} height={24} />;
  return (
    <Alert
      status="warning"
      icon
      title={t('cluster.costUnknown')}
      description={
        readProblem(error) === 'denied'
          ? t('state.deniedText', { permission: 'gns.definition.read' })
          : error.message
      }
      customActions={
        <Button size="small" variant="secondary" onPress={reload}>
          {t('common.retry')}
        </Button>
      }
    />
  );
}
