import { useRef, useState } from 'react';
import { Alert, Badge, Button } from '@backstage/ui';
import { RiLinksLine } from '@remixicon/react';
import { useApi } from '@backstage/frontend-plugin-api';
import { usePermission } from '@backstage/plugin-permission-react';
import {
  gnsDefinitionUpdatePermission,
  type Revision,
} from '@isthmus/plugin-gns-common';
import { gnsApiRef } from '../../../api';
import { SameOverRest } from '../../../code/SameOverRest';
import { useLive } from '../../../live/useLive';
import { useGnsTranslation } from '../../../useGnsTranslation';
import { EmptyView } from '../../state/EmptyView';
import { LiveView } from '../../state/LiveView';
import styles from '../GnsPage.module.css';
import { useGnsStatus } from '../GnsStatusContext';
import { CompareRevisions, type Pair } from './CompareRevisions';
import { RevisionCard } from './RevisionCard';

const KIND = 'GlobalNamespace';

/** Who changed the definition, when, why and what; compared and brought back. */
export function HistoryTab() {
  const { name } = useGnsStatus();
  const { t } = useGnsTranslation();
  const live = useLive(
    `revisions/${name}`,
    (api, signal) => api.listRevisions({ kind: KIND, name }, signal),
    { topics: ['definitions'], gns: name },
  );
  return (
    <LiveView live={live} permission="gns.definition.read">
      {({ items, intact, nextCursor }) =>
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
            <Revisions name={name} newest={items} nextCursor={nextCursor} />
            <SameOverRest
              calls={[
                {
                  title: t('revisions.read'),
                  method: 'GET',
                  path: `/definitions/${KIND}/${encodeURIComponent(
                    name,
                  )}/revisions`,
                },
              ]}
            />
          </div>
        )
      }
    </LiveView>
  );
}

function Revisions(props: {
  name: string;
  newest: readonly Revision[];
  nextCursor?: string;
}) {
  const { t } = useGnsTranslation();
  const api = useApi(gnsApiRef);
  const { allowed } = usePermission({
    permission: gnsDefinitionUpdatePermission,
    resourceRef: `${KIND}:${props.name}`,
  });
  const [older, setOlder] = useState<{
    items: Revision[];
    nextCursor?: string;
  }>();
  const [pair, setPair] = useState<Pair>({});
  const [error, setError] = useState<Error>();
  const compare = useRef<HTMLDivElement>(null);
  const known = new Set(props.newest.map(one => one.generation));
  const items = [
    ...props.newest,
    ...(older?.items.filter(one => !known.has(one.generation)) ?? []),
  ];
  const [inForce] = items;
  const cursor = older ? older.nextCursor : props.nextCursor;

  const more = () => {
    setError(undefined);
    api
      .listRevisions({ kind: KIND, name: props.name }, undefined, { cursor })
      .then(
        page =>
          setOlder(before => ({
            items: [...(before?.items ?? []), ...page.items],
            nextCursor: page.nextCursor,
          })),
        (cause: unknown) =>
          setError(cause instanceof Error ? cause : new Error(String(cause))),
      );
  };

  return (
    <>
      {items.length > 1 ? (
        <div ref={compare} tabIndex={-1} style={{ outline: 'none' }}>
          <CompareRevisions revisions={items} pair={pair} onChange={setPair} />
        </div>
      ) : null}
      {items.map(revision => (
        <RevisionCard
          key={revision.generation}
          gns={props.name}
          revision={revision}
          isInForce={revision === inForce}
          mayRestore={allowed}
          onCompare={() => {
            setPair({ from: revision.generation, to: inForce.generation });
            compare.current?.focus();
            compare.current?.scrollIntoView({ block: 'start' });
          }}
        />
      ))}
      {error ? (
        <Alert
          role="alert"
          status="danger"
          icon
          title={t('state.failedTitle')}
          description={error.message}
        />
      ) : null}
      {cursor ? (
        <div>
          <Button variant="secondary" onPress={more}>
            {t('revisions.older')}
          </Button>
        </div>
      ) : null}
    </>
  );
}
