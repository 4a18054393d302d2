import { lazy, Suspense } from 'react';
import {
  Badge,
  Card,
  CardBody,
  CardFooter,
  CardHeader,
  Text,
} from '@backstage/ui';
import { RiPauseCircleLine, RiScales3Line } from '@remixicon/react';
import { useRouteRef } from '@backstage/frontend-plugin-api';
import { type GnsSummary, type SloSummary } from '@isthmus/plugin-gns-common';
import { gnsTabRouteRef } from '../../routes';
import { SloCounts } from '../../slo/SloCounts';
import { useGnsTranslation } from '../../useGnsTranslation';
import { FreshnessChips } from '../state/FreshnessChip';
import { HealthMark } from '../state/HealthMark';
import { OwnerLink } from '../state/OwnerLink';
import { ConditionCounts } from '../state/SeverityMark';
import styles from './GnsListPage.module.css';

// The graph's code is not needed to find one's global namespace.
const Thumbnail = lazy(() =>
  import('../../topology/card/Thumbnail').then(m => ({ default: m.Thumbnail })),
);

/** One global namespace in the list; the whole card opens it. */
export function GnsCard(props: {
  summary: GnsSummary;
  /** Its objectives; absent: it has none, or they are not known yet. */
  slos?: readonly SloSummary[];
  /** Its objectives could not be read. */
  slosFailed?: boolean;
}) {
  const { t } = useGnsTranslation();
  const tabLink = useRouteRef(gnsTabRouteRef);
  const { summary } = props;
  const title = summary.title ?? summary.name;
  return (
    <Card
      className={styles.card}
      href={tabLink?.({ name: summary.name, tab: 'overview' }) ?? '#'}
      label={t('page.openPage', { name: title })}
    >
      <CardHeader>
        <div className={styles.head}>
          <Text as="h3" variant="title-x-small" weight="bold" truncate>
            {title}
          </Text>
          <HealthMark health={summary.health} />
        </div>
        <div className={styles.domain}>{summary.domain}</div>
      </CardHeader>
      <CardBody>
        <div className={styles.body}>
          {summary.description ? (
            <Text
              variant="body-small"
              color="secondary"
              className={styles.description}
            >
              {summary.description}
            </Text>
          ) : null}
          {summary.clusters.length === 0 ? (
            <Text variant="body-small" color="secondary">
              {t('list.noClusters')}
            </Text>
          ) : (
            <FreshnessChips coverage={summary.clusters} />
          )}
          {summary.services > 0 ? (
            <Suspense fallback={<div className={styles.thumbnail} />}>
              <Thumbnail gns={summary.name} services={summary.services} />
            </Suspense>
          ) : null}
          <div className={styles.row}>
            <span>{t('count.services', { count: summary.services })}</span>
            <ConditionCounts counts={summary.conditions} />
            {props.slos ? <SloCounts slos={props.slos} /> : null}
            {props.slosFailed ? <span>{t('sloCard.unknown')}</span> : null}
          </div>
        </div>
      </CardBody>
      <CardFooter>
        <div className={styles.foot}>
          <span className={styles.owner}>
            <OwnerLink owner={summary.owner} />
          </span>
          <span className={styles.row}>
            {summary.paused ? (
              <Badge icon={<RiPauseCircleLine />}>{t('common.paused')}</Badge>
            ) : null}
            {summary.holds > 0 ? (
              <Badge icon={<RiScales3Line />}>
                {t('count.decisions', { count: summary.holds })}
              </Badge>
            ) : null}
          </span>
        </div>
      </CardFooter>
    </Card>
  );
}
