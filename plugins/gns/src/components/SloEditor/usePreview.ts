import { useEffect, useState } from 'react';
import { useApi } from '@backstage/frontend-plugin-api';
import { type SloPreview } from '@isthmus/plugin-gns-common';
import { gnsApiRef } from '../../api';

/** After the last change, milliseconds. */
const REST_MS = 500;

export interface PreviewState {
  /** The newest; kept while another is worked out. */
  preview?: SloPreview;
  /** It is of what is written now. */
  current: boolean;
  error?: Error;
  again: () => void;
}

/**
 * What an objective would have said of the stored past, worked out by the hub.
 * @param definition - as it is written; undefined: it has mistakes
 */
export function usePreview(definition: unknown): PreviewState {
  const api = useApi(gnsApiRef);
  const [turn, setTurn] = useState(0);
  const [state, setState] = useState<{
    asked?: string;
    preview?: SloPreview;
    error?: Error;
  }>({});
  const asked =
    definition === undefined
      ? undefined
      : `${turn} ${JSON.stringify(definition)}`;
  const first = state.asked === undefined;
  useEffect(() => {
    if (asked === undefined) return undefined;
    const abort = new AbortController();
    const timer = setTimeout(
      () =>
        api.slo
          .preview(JSON.parse(asked.slice(asked.indexOf(' '))), abort.signal)
          .then(
            preview => {
              if (!abort.signal.aborted) setState({ asked, preview });
            },
            (cause: unknown) => {
              if (abort.signal.aborted) return;
              const error =
                cause instanceof Error ? cause : new Error(String(cause));
              setState(before => ({ ...before, asked, error }));
            },
          ),
      first ? 0 : REST_MS,
    );
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [api, asked]); // eslint-disable-line react-hooks/exhaustive-deps
  return {
    preview: state.preview,
    current: asked !== undefined && state.asked === asked,
    error: state.asked === asked ? state.error : undefined,
    again: () => setTurn(n => n + 1),
  };
}
