import { Alert } from '@backstage/ui';
import { type Coverage } from '@isthmus/plugin-gns-common';
import { useGnsTranslation } from '../../useGnsTranslation';
import { useLanguage, useAge } from './RelativeTime';

/** Names the clusters whose part of the page is old; nothing while all report. */
export function SilentClusters(props: { coverage: readonly Coverage[] }) {
  const { t } = useGnsTranslation();
  const age = useAge();
  const language = useLanguage();
  const silent = props.coverage.filter(one => one.state !== 'ok');
  if (silent.length === 0) return null;
  const names = silent.map(one =>
    one.dataAt === undefined
      ? t('state.silentNever', {
          name: one.cluster,
          state: t(`freshness.${one.state}`),
        })
      : t('state.silentCluster', {
          name: one.cluster,
          state: t(`freshness.${one.state}`),
          age: age(one.dataAt),
        }),
  );
  return (
    <Alert
      mb="4"
      status="warning"
      icon
      title={t('state.silentTitle', { count: silent.length })}
      description={t('state.silentText', {
        count: silent.length,
        names: new Intl.ListFormat(language).format(names),
      })}
    />
  );
}
