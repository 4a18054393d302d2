import { Alert, Badge, Card, CardBody, CardHeader, Text } from '@backstage/ui';
import { RiLinksLine } from '@remixicon/react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { type Revision } from '@isthmus/plugin-gns-common';
import { useLive } from '../../live/useLive';
import { gnsTranslationRef } from '../../translation';
import { DataTable } from '../state/DataTable';
import { EmptyView } from '../state/EmptyView';
import { LiveView } from '../state/LiveView';
import { RelativeTime } from '../state/RelativeTime';
import { useGnsStatus } from './GnsStatusContext';
import styles from './GnsPage.module.css';
import { showValue } from './showValue';

/** Who changed the definition, when, why and what. */
export function HistoryTab() {
  const { name } = useGnsStatus();
  const { t } = useTranslationRef(gnsTranslationRef);
  const live = useLive(
    `revisions/${name}`,
    (api, signal) =>
      api.listRevisions({ kind: 'GlobalNamespace', name }, signal),
    { topics: ['definitions'], gns: name },
  );
  return (
    <LiveView live={live} permission="gns.definition.read">
      {({ items, intact }) =>
        items.length === 0 ? (
          <EmptyView title={t('history.empty')} text={t('history.emptyText')} />
        ) : (
          <div className={styles.column}>
            {intact ? (
              <div title={t('history.intactHint')}>
                <Badge icon={<RiLinksLine />}>{t('history.intact')}</Badge>
              </div>
            ) : (
              <Alert
                status="danger"
                icon
                title={t('history.broken')}
                description={t('history.brokenText')}
              />
            )}
            {items.map(revision => (
              <RevisionCard key={revision.generation} revision={revision} />
            ))}
          </div>
        )
      }
    </LiveView>
  );
}

function RevisionCard(props: { revision: Revision }) {
  const { t } = useTranslationRef(gnsTranslationRef);
  const { revision } = props;
  const action = {
    create: t('history.created'),
    update: t('history.updated'),
    delete: t('history.deleted'),
  }[revision.action];
  const title = t('history.revision', {
    generation: String(revision.generation),
  });
  return (
    <Card>
      <CardHeader>
        <Text as="h2" variant="title-x-small" weight="bold">
          {title}
        </Text>
        <div className={styles.line}>
          <span>{action}</span>
          <span>{revision.actor}</span>
          <span className={styles.quiet}>
            <RelativeTime at={revision.at} />
          </span>
          <code className={`${styles.mono} ${styles.quiet}`}>
            {t('history.hash', { hash: revision.hash.slice(0, 12) })}
          </code>
        </div>
      </CardHeader>
      <CardBody>
        <Text color={revision.message ? 'primary' : 'secondary'}>
          {revision.message || t('history.noMessage')}
        </Text>
        {revision.changes.length > 0 ? (
          <DataTable
            label={title}
            rows={revision.changes}
            rowKey={change => change.path}
            columns={[
              {
                id: 'path',
                label: t('history.path'),
                cell: change =>
                  change.path ? (
                    <code className={styles.mono}>{change.path}</code>
                  ) : (
                    t('history.document')
                  ),
              },
              {
                id: 'before',
                label: t('history.before'),
                cell: change => <Value of={change} value={change.before} />,
              },
              {
                id: 'after',
                label: t('history.after'),
                cell: change => <Value of={change} value={change.after} />,
              },
            ]}
          />
        ) : null}
      </CardBody>
    </Card>
  );
}

function Value(props: { of: { path: string }; value: unknown }) {
  const { t } = useTranslationRef(gnsTranslationRef);
  if (props.value === undefined) {
    return <span className={styles.quiet}>{t('history.absent')}</span>;
  }
  // A whole document, at its creation or deletion, is read line by line.
  return props.of.path === '' ? (
    <pre
      className={`${styles.mono} ${styles.document}`}
      role="region"
      aria-label={t('history.document')}
      // It scrolls, so the keyboard must reach it (WCAG 2.1.1), which the rule does not know.
      // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
    >
      {JSON.stringify(props.value, null, 2)}
    </pre>
  ) : (
    <code className={styles.mono}>{showValue(props.value)}</code>
  );
}
