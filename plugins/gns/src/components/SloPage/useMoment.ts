import { useLanguage } from '../state/RelativeTime';

/** Date and time, short, on the reader's clock. */
export function useMoment(): (at: string | number) => string {
  const language = useLanguage();
  const format = new Intl.DateTimeFormat(language, {
    dateStyle: 'medium',
    timeStyle: 'short',
  });
  return at => format.format(new Date(at));
}
