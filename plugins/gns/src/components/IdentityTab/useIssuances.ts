import { useCallback, useRef, useState } from 'react';
import { useApi } from '@backstage/frontend-plugin-api';
import { type Issuance, type IssuanceQuery } from '@isthmus/plugin-gns-common';
import { gnsApiRef } from '../../api';
import { type Live, useLive } from '../../live/useLive';

interface Page {
  items: Issuance[];
  nextCursor?: string;
}

/** Pages below the newest one, read on request. */
export interface OlderPages {
  items: Issuance[];
  more: boolean;
  busy: boolean;
  error?: Error;
  read: () => void;
}

interface Older {
  /** What was asked; another question starts from nothing. */
  key: string;
  items: Issuance[];
  nextCursor?: string;
  busy: boolean;
  error?: Error;
}

/** The newest page, kept current, and older ones below it. */
export function useIssuances(
  gns: string,
  query: IssuanceQuery,
): { live: Live<Page>; older: OlderPages } {
  const api = useApi(gnsApiRef);
  const key = `issuances/${gns}/${JSON.stringify(query)}`;
  const live = useLive<Page>(
    key,
    (client, signal) => client.authority.listIssuances(gns, query, signal),
    { topics: ['authorities'], gns },
  );
  const [state, setState] = useState<Older>();
  const latest = useRef(key);
  latest.current = key;
  const older = state?.key === key ? state : undefined;
  const first = live.value;
  const cursor = older ? older.nextCursor : first?.nextCursor;

  const read = useCallback(() => {
    if (cursor === undefined) return;
    const before = { key, items: older?.items ?? [], nextCursor: cursor };
    setState({ ...before, busy: true });
    api.authority.listIssuances(gns, { ...query, cursor }).then(
      page =>
        latest.current === key &&
        setState({
          key,
          items: [...before.items, ...page.items],
          nextCursor: page.nextCursor,
          busy: false,
        }),
      (cause: unknown) =>
        latest.current === key &&
        setState({
          ...before,
          busy: false,
          error: cause instanceof Error ? cause : new Error(String(cause)),
        }),
    );
    // `query` is part of the key.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [api, gns, key, cursor, older?.items]);

  // The newest page moves on meanwhile: what stands in both is shown once.
  const seen = new Set(first?.items.map(one => `${one.cluster} ${one.serial}`));
  return {
    live,
    older: {
      items: (older?.items ?? []).filter(
        one => !seen.has(`${one.cluster} ${one.serial}`),
      ),
      more: cursor !== undefined,
      busy: older?.busy ?? false,
      error: older?.error,
      read,
    },
  };
}
