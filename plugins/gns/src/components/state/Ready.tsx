import { useGnsTranslation } from '../../useGnsTranslation';

/** "2 of 3 ready", or "unknown": never a number that nobody measured. */
export function useReadyText(): (
  ready: number | null | undefined,
  total: number | null | undefined,
) => string {
  const { t } = useGnsTranslation();
  return (ready, total) =>
    typeof ready === 'number' && typeof total === 'number'
      ? t('services.readyOf', { ready: String(ready), total: String(total) })
      : t('common.unknown');
}
