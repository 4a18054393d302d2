import { Fragment, useEffect, useState } from 'react';
import {
  Alert,
  Button,
  SearchField,
  Select,
  ToggleButton,
  ToggleButtonGroup,
} from '@backstage/ui';
import {
  type GnsAuthority,
  type Issuance,
  type IssuanceQuery,
} from '@isthmus/plugin-gns-common';
import { useGnsTranslation } from '../../useGnsTranslation';
import { DataTable } from '../state/DataTable';
import { EmptyView } from '../state/EmptyView';
import { LiveView } from '../state/LiveView';
import { RelativeTime } from '../state/RelativeTime';
import { useUrlChoice, useUrlClear, useUrlText } from '../useUrlChoice';
import { numbersOf, shortId } from './authorityView';
import { IdentitySection } from './IdentitySection';
import { useIssuances } from './useIssuances';
import styles from './identity.module.css';

/** Where the log stands in the page, and its state in the address. */
export const LOG_ID = 'gns-identity-log';
export const LOG_STATE = 'issued';
const STATES = ['all', 'valid', 'expiring'] as const;
/** Milliseconds after the last key until the hub is asked. */
const REST_MS = 250;

/** What was issued to whom, newest first, with search and paging. */
export function IssuanceLog(props: { authority: GnsAuthority }) {
  const { t } = useGnsTranslation();
  const { authority } = props;
  const [search, setSearch] = useUrlText('find');
  const [cluster, setCluster] = useUrlText('cluster');
  const [state, setState] = useUrlChoice(LOG_STATE, STATES);
  const clear = useUrlClear('find', 'cluster', LOG_STATE);
  const query: IssuanceQuery = {
    search: useRested(search.trim()) || undefined,
    cluster: cluster || undefined,
    state,
  };
  const { live, older } = useIssuances(authority.gns, query);
  const filtered = search !== '' || cluster !== '' || state !== 'all';
  return (
    <IdentitySection title={t('identity.log')}>
      <div id={LOG_ID} tabIndex={-1} className={styles.row}>
        <SearchField
          className={styles.search}
          size="small"
          aria-label={t('identity.logSearch')}
          placeholder={t('identity.logSearch')}
          value={search}
          onChange={setSearch}
        />
        <Select
          className={styles.select}
          size="small"
          aria-label={t('identity.logCluster')}
          options={[
            { value: '', label: t('identity.logEveryCluster') },
            ...authority.clusters.map(one => ({
              value: one.cluster,
              label: one.cluster,
            })),
          ]}
          value={cluster}
          onChange={key => setCluster(key === null ? '' : String(key))}
        />
        <ToggleButtonGroup
          aria-label={t('identity.logStates')}
          selectionMode="single"
          disallowEmptySelection
          selectedKeys={[state]}
          onSelectionChange={keys => {
            const chosen = STATES.find(one => new Set(keys).has(one));
            if (chosen) setState(chosen);
          }}
        >
          {STATES.map(one => (
            <ToggleButton key={one} id={one} size="small">
              {t(`identityLog.${one}`)}
            </ToggleButton>
          ))}
        </ToggleButtonGroup>
      </div>
      <LiveView live={live} permission="gns.authority.read">
        {({ items }) => {
          const all = [...items, ...older.items];
          if (all.length === 0) {
            return filtered ? (
              <EmptyView
                title={t('identity.logNoMatch')}
                text={t('identity.logNoMatchText')}
                action={
                  <Button variant="secondary" onPress={clear}>
                    {t('identity.logClear')}
                  </Button>
                }
              />
            ) : (
              <EmptyView
                title={t('identity.logEmpty')}
                text={t('identity.logEmptyText')}
              />
            );
          }
          return (
            <>
              <Certificates items={all} authority={authority} />
              <div className={styles.row}>
                <span className={styles.quiet} role="status">
                  {t('identity.logShown', { count: all.length })}
                </span>
                {older.more ? (
                  <Button
                    size="small"
                    variant="secondary"
                    isPending={older.busy}
                    onPress={older.read}
                  >
                    {t('identity.logMore')}
                  </Button>
                ) : null}
              </div>
              {older.error ? (
                <Alert
                  mt="3"
                  role="alert"
                  status="danger"
                  icon
                  title={t('identity.logOld')}
                  description={older.error.message}
                />
              ) : null}
            </>
          );
        }}
      </LiveView>
    </IdentitySection>
  );
}

function Certificates(props: {
  items: readonly Issuance[];
  authority: GnsAuthority;
}) {
  const { t } = useGnsTranslation();
  const numbers = numbersOf(props.authority);
  const signer = ({ rootKeyId }: Issuance) => {
    if (rootKeyId === null) return t('identity.logMesh');
    const number = numbers.get(rootKeyId);
    return number === undefined
      ? t('identity.logUnknownRoot', { id: shortId(rootKeyId) })
      : t('identity.logRoot', { number: String(number) });
  };
  return (
    <DataTable
      label={t('identity.logTable')}
      rows={props.items}
      rowKey={one => `${one.cluster} ${one.serial}`}
      columns={[
        {
          id: 'identity',
          label: t('identity.logIdentity'),
          cell: one => <SpiffeId id={one.spiffeId} />,
        },
        {
          id: 'pod',
          label: t('identity.logPod'),
          cell: one => (
            <span className={styles.pod}>{`${one.namespace}/${one.pod}`}</span>
          ),
        },
        {
          id: 'cluster',
          label: t('identity.logCluster'),
          cell: one => one.cluster,
        },
        {
          id: 'issued',
          label: t('identity.logIssued'),
          cell: one => <Time at={one.issuedAt} />,
        },
        {
          id: 'ends',
          label: t('identity.logEnds'),
          cell: one => <Time at={one.notAfter} />,
        },
        {
          id: 'signer',
          label: t('identity.logSigner'),
          cell: one => <span className={styles.signer}>{signer(one)}</span>,
        },
        {
          id: 'serial',
          label: t('identity.serial'),
          cell: one => <code className={styles.serial}>{one.serial}</code>,
        },
      ]}
    />
  );
}

/** An age on one line. */
function Time(props: { at: string }) {
  return (
    <span className={styles.time}>
      <RelativeTime at={props.at} />
    </span>
  );
}

/** An identity that ends its lines only before its namespace and its account. */
function SpiffeId(props: { id: string }) {
  const [, start, rest] = /^(spiffe:\/\/[^/]*)(.*)$/.exec(props.id) ?? [];
  if (rest === undefined)
    return <code className={styles.mono}>{props.id}</code>;
  return (
    <code className={styles.spiffe}>
      {start}
      {rest.split(/(?=\/(?:ns|sa)\/)/).map(part => (
        <Fragment key={part}>
          <wbr />
          <span>{part}</span>
        </Fragment>
      ))}
    </code>
  );
}

/** A text once nobody has typed for a moment. */
function useRested(text: string): string {
  const [rested, setRested] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setRested(text), REST_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return rested;
}
