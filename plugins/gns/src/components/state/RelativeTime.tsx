import { useSyncExternalStore } from 'react';
import { appLanguageApiRef, useApi } from '@backstage/frontend-plugin-api';
import { useGnsTranslation } from '../../useGnsTranslation';
import { clock } from './clock';
import { elapsed, relativeTime } from './relativeTime';

/** The language of the page, for numbers and times. */
export function useLanguage(): string {
  return useApi(appLanguageApiRef).getLanguage().language;
}

/** Text of an age, for sentences; `at` is RFC 3339 or milliseconds. */
export function useAge(): (at: string | number) => string {
  const language = useLanguage();
  const now = useSyncExternalStore(clock.subscribe, clock.now);
  const { t } = useGnsTranslation();
  return at => relativeTime(at, now, language) ?? t('time.now');
}

/** Text of how long something has been so. */
export function useElapsed(): (at: string | number) => string {
  const language = useLanguage();
  const now = useSyncExternalStore(clock.subscribe, clock.now);
  return at => elapsed(at, now, language);
}

/** An age with the exact time on hover; "never" when there is none. */
export function RelativeTime(props: { at?: string | number }) {
  const { t } = useGnsTranslation();
  const age = useAge();
  const exact = useExactTime();
  if (props.at === undefined) return <span>{t('time.never')}</span>;
  return (
    <time dateTime={new Date(props.at).toISOString()} title={exact(props.at)}>
      {age(props.at)}
    </time>
  );
}

/** The full date and time in the reader's language and time zone. */
export function useExactTime(): (at: string | number) => string {
  const language = useLanguage();
  return at =>
    new Intl.DateTimeFormat(language, {
      dateStyle: 'long',
      timeStyle: 'long',
    }).format(new Date(at));
}
