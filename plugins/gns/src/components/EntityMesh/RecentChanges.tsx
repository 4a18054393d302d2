import { Skeleton, Text } from '@backstage/ui';
import type { GlobalService, GnsStatus } from '@isthmus/plugin-gns-common';
import { recentChanges, type RecentChange } from '../../entity/recentChanges';
import { useLive } from '../../live/useLive';
import { useGnsTranslation } from '../../useGnsTranslation';
import styles from '../GnsPage/GnsPage.module.css';
import { RelativeTime } from '../state/RelativeTime';

/** What happened to a service in the last hour. */
export function RecentChanges(props: {
  status: GnsStatus;
  service: GlobalService;
}) {
  const { t } = useGnsTranslation();
  const { status, service } = props;
  const { value, error } = useLive(
    `changes/${status.name}`,
    async (api, signal) => {
      const [revisions, definitions] = await Promise.all([
        api.listRevisions(
          { kind: 'GlobalNamespace', name: status.name },
          signal,
        ),
        api.listDefinitions({ gns: status.name }, signal),
      ]);
      return { revisions: revisions.items, definitions: definitions.items };
    },
    { topics: ['definitions'], gns: status.name },
  );
  if (!value) {
    return error ? (
      <Text color="secondary">
        {t('entity.changesUnknown', { reason: error.message })}
      </Text>
    ) : (
      <Skeleton width="100%" height={24} />
    );
  }
  const changes = recentChanges({
    ...value,
    gns: status.name,
    service: service.name,
    conditions: [...service.conditions, ...status.allConditions],
    now: Date.now(),
  });
  if (changes.length === 0) {
    return <Text color="secondary">{t('entity.noChanges')}</Text>;
  }
  return (
    <ul className={styles.list}>
      {changes.map(change => (
        <li key={keyOf(change)}>
          <div className={styles.line}>
            <span className={styles.quiet}>
              <RelativeTime at={change.at} />
            </span>
            <ChangeText change={change} />
          </div>
        </li>
      ))}
    </ul>
  );
}

function keyOf(change: RecentChange): string {
  return change.type === 'definition'
    ? `${change.at}/${change.kind}/${change.name}`
    : `${change.at}/${change.condition.type}/${change.condition.message}`;
}

function ChangeText(props: { change: RecentChange }) {
  const { t } = useGnsTranslation();
  const { change } = props;
  if (change.type === 'condition') {
    const { type, reason, status } = change.condition;
    return (
      <span>
        {status === 'True'
          ? t('entity.conditionGood', { type })
          : t('entity.conditionBad', { type, reason })}
      </span>
    );
  }
  const { kind, name } = change;
  const what = () => {
    switch (change.action) {
      case 'create':
        return t('entity.created', { kind, name });
      case 'delete':
        return t('entity.deleted', { kind, name });
      default:
        return t('entity.changed', { kind, name });
    }
  };
  return (
    <>
      <span>{what()}</span>
      <span className={styles.quiet}>
        {t('entity.by', { actor: change.actor })}
      </span>
      {change.paths.length > 0 ? (
        <code className={styles.mono}>{change.paths.join(', ')}</code>
      ) : null}
      {change.message ? (
        <span className={styles.quiet}>{change.message}</span>
      ) : null}
    </>
  );
}
