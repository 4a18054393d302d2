import { Button, Link, Text } from '@backstage/ui';
import {
  RiAlertLine,
  RiCheckLine,
  RiAddLine,
  RiForbidLine,
} from '@remixicon/react';
import { useRouteRef } from '@backstage/frontend-plugin-api';
import {
  type MatchedNamespace,
  type Matches,
  type NearMiss,
} from '@isthmus/plugin-gns-common';
import { gnsTabRouteRef } from '../../routes';
import { useGnsTranslation } from '../../useGnsTranslation';
import badges from '../state/badges.module.css';
import styles from './form.module.css';

type Entry = Matches['entries'][number];

/** Namespaces that are listed at once; the rest is behind a button of the browser's own. */
const LISTED = 60;

/** What one entry chooses at this moment, listed, and what it nearly chooses. */
export function MatchesView(props: {
  number: number;
  entry: Entry;
  onTake: (miss: NearMiss) => void;
}) {
  const { t } = useGnsTranslation();
  const { entry, number } = props;
  if (entry.problems.length > 0) return null;
  return (
    <div className={styles.matches} aria-live="polite">
      {entry.namespacesTotal === 0 ? (
        <Text variant="body-small" color="secondary">
          {t('matches.none')}
        </Text>
      ) : (
        <details className={styles.details}>
          <summary>
            {t('matches.namespaces', {
              count: entry.namespacesTotal,
              clusters: t('count.clusters', { count: entry.clusters.length }),
            })}
          </summary>
          <ul
            className={styles.matched}
            aria-label={t('matches.list', { number: String(number) })}
          >
            {entry.namespaces.slice(0, LISTED).map(one => (
              <li key={`${one.cluster}/${one.namespace}`}>
                <Matched namespace={one} />
              </li>
            ))}
            {entry.namespacesTotal > LISTED ? (
              <li>
                {t('matches.moreNamespaces', {
                  count: entry.namespacesTotal - LISTED,
                })}
              </li>
            ) : null}
          </ul>
        </details>
      )}
      {entry.nearMisses.map(miss => (
        <NearMissLine
          key={`${miss.subject} ${miss.cluster} ${miss.name}`}
          miss={miss}
          onTake={() => props.onTake(miss)}
        />
      ))}
    </div>
  );
}

const STATES = {
  own: [RiCheckLine, badges.good],
  free: [RiAddLine, badges.good],
  taken: [RiForbidLine, badges.bad],
  reserved: [RiForbidLine, badges.bad],
} as const;

function Matched(props: { namespace: MatchedNamespace }) {
  const { t } = useGnsTranslation();
  const { namespace: one } = props;
  const [Icon, tone] = STATES[one.state];
  return (
    <>
      <span className={`${badges.mark} ${tone}`}>
        <Icon aria-hidden />
        <span>
          {one.cluster}
          {' / '}
          <strong>{one.namespace}</strong>
        </span>
      </span>
      <span className={styles.quiet}>
        <StateText namespace={one} />
      </span>
      <span className={styles.quiet} title={one.services.join(', ')}>
        {t('matches.services', { count: one.servicesTotal })}
      </span>
      {one.injection === 'sidecar' ? null : (
        <span className={`${badges.mark} ${badges.warn}`}>
          <RiAlertLine aria-hidden />
          {one.injection === 'ambient'
            ? t('matches.ambient')
            : t('matches.noSidecar')}
        </span>
      )}
    </>
  );
}

function StateText(props: { namespace: MatchedNamespace }) {
  const { t } = useGnsTranslation();
  const tabLink = useRouteRef(gnsTabRouteRef);
  const { state, owner } = props.namespace;
  if (state !== 'taken') return <>{t(`matches.${state}`)}</>;
  if (!owner) return <>{t('matches.takenUnknown')}</>;
  return (
    <Link href={tabLink?.({ name: owner, tab: 'overview' }) ?? '#'}>
      {t('matches.taken', { owner })}
    </Link>
  );
}

function NearMissLine(props: { miss: NearMiss; onTake: () => void }) {
  const { t } = useGnsTranslation();
  const { miss } = props;
  const words = {
    name: miss.name,
    written: miss.written,
    cluster: miss.cluster ?? '',
  };
  return (
    <div className={styles.nearMiss}>
      <span className={`${badges.mark} ${badges.warn}`}>
        <RiAlertLine aria-hidden />
        <span className={styles.wrap}>
          {miss.why === 'spelling' ? t('matches.spelling', words) : null}
          {miss.why === 'otherCluster'
            ? t('matches.otherCluster', words)
            : null}
          {miss.why === 'label' ? t('matches.label', words) : null}
        </span>
      </span>
      {miss.why === 'spelling' ? (
        <Button size="small" variant="tertiary" onPress={props.onTake}>
          {t('matches.take', { name: miss.name })}
        </Button>
      ) : null}
    </div>
  );
}
