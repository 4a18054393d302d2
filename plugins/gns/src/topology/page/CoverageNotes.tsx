import { Alert } from '@backstage/ui';
import { type TelemetryCoverage } from '@isthmus/plugin-gns-common';
import { useAge, useLanguage } from '../../components/state/RelativeTime';
import { useGnsTranslation } from '../../useGnsTranslation';
import { useAmounts } from '../canvas/look';
import styles from './page.module.css';

/** How far each cluster's figures can be trusted; the silent ones by name and reason. */
export function CoverageNotes(props: {
  coverage: readonly TelemetryCoverage[];
}) {
  const { t } = useGnsTranslation();
  const age = useAge();
  const amounts = useAmounts();
  const language = useLanguage();
  const list = (names: readonly string[]) =>
    new Intl.ListFormat(language).format(names);
  const silent = props.coverage.filter(one => one.known === 0);
  const partly = props.coverage.filter(
    one => one.known > 0 && (one.known < 0.995 || one.unscraped.length > 0),
  );
  return (
    <>
      {silent.length > 0 ? (
        <Alert
          mb="3"
          status="warning"
          icon
          title={t('coverage.silentTitle', { count: silent.length })}
          description={list(
            silent.map(one =>
              [
                one.dataAt === undefined
                  ? t('coverage.never', { cluster: one.cluster })
                  : t('coverage.since', {
                      cluster: one.cluster,
                      age: age(one.dataAt),
                    }),
                one.reason,
              ]
                .filter(Boolean)
                .join(': '),
            ),
          )}
        />
      ) : null}
      {partly.length > 0 ? (
        <p className={styles.partly}>
          {partly
            .map(one => {
              const parts = [];
              if (one.known < 0.995) {
                parts.push(
                  t('coverage.part', { share: amounts.share(one.known) ?? '' }),
                );
              }
              if (one.unscraped.length > 0) {
                parts.push(
                  t('coverage.unscraped', { names: list(one.unscraped) }),
                );
              }
              return `${one.cluster}: ${parts.join('; ')}`;
            })
            .join(' · ')}
        </p>
      ) : null}
    </>
  );
}
