import { useEffect, useState } from 'react';
import { appLanguageApiRef, useApi } from '@backstage/frontend-plugin-api';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { gnsTranslationRef } from '../../translation';
import { relativeTime } from './relativeTime';

/** The language of the page, for numbers and times. */
export function useLanguage(): string {
  return useApi(appLanguageApiRef).getLanguage().language;
}

/** The present, moving every ten seconds, milliseconds since 1970. */
export function useNow(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 10_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}

/** Text of an age, for sentences; `at` is RFC 3339 or milliseconds. */
export function useAge(): (at: string | number) => string {
  const language = useLanguage();
  const now = useNow();
  const { t } = useTranslationRef(gnsTranslationRef);
  return at => relativeTime(at, now, language) ?? t('time.now');
}

/** An age with the exact time on hover; "never" when there is none. */
export function RelativeTime(props: { at?: string | number }) {
  const { t } = useTranslationRef(gnsTranslationRef);
  const age = useAge();
  const language = useLanguage();
  if (props.at === undefined) return <span>{t('time.never')}</span>;
  const date = new Date(props.at);
  const exact = new Intl.DateTimeFormat(language, {
    dateStyle: 'long',
    timeStyle: 'long',
  }).format(date);
  return (
    <time dateTime={date.toISOString()} title={exact}>
      {age(props.at)}
    </time>
  );
}
