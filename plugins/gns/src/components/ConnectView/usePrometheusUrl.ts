import { useState } from 'react';
import { useUrlText } from '../useUrlChoice';
import { isPrometheusUrl } from './clusterDraft';

/**
 * The Prometheus of the cluster as it is typed. The address of the page keeps it
 * for the next step, but not what may hold a password.
 */
export function usePrometheusUrl(): [string, (text: string) => void] {
  const [kept, keep] = useUrlText('prometheus');
  const [text, setText] = useState(kept);
  return [
    text,
    next => {
      setText(next);
      keep(isPrometheusUrl(next) ? next.trim() : '');
    },
  ];
}
