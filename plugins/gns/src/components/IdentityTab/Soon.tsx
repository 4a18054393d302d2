import { Alert, Button } from '@backstage/ui';
import { type GnsAuthority } from '@isthmus/plugin-gns-common';
import { useLive } from '../../live/useLive';
import { useGnsTranslation } from '../../useGnsTranslation';
import { useAge } from '../state/RelativeTime';
import { endingsOf } from './authorityView';
import { IdentitySection } from './IdentitySection';
import { LOG_ID, LOG_STATE } from './IssuanceLog';
import { useUrlText } from '../useUrlChoice';
import { useNow } from './useNow';
import styles from './identity.module.css';

/** Enough to say "more than". */
const MOST = 100;

/** What should have been renewed and was not: roots, issuers, certificates of pods. */
export function Soon(props: { authority: GnsAuthority }) {
  const { t } = useGnsTranslation();
  const age = useAge();
  const { authority } = props;
  const endings = endingsOf(authority, useNow());
  const leaves = useExpiring(authority.gns);
  const [, setState] = useUrlText(LOG_STATE);
  return (
    <IdentitySection title={t('identity.soon')}>
      {endings.length === 0 && leaves.count === 0 ? (
        <p className={styles.quiet}>{t('identity.soonNone')}</p>
      ) : (
        <ul className={`${styles.plain} ${styles.stack}`}>
          {endings.map(({ kind, name, notAfter }) => (
            <li key={`${kind} ${name}`}>
              <Alert
                status="warning"
                icon
                title={
                  kind === 'root'
                    ? t('identity.soonRoot', { name, age: age(notAfter) })
                    : t('identity.soonIssuer', { name, age: age(notAfter) })
                }
              />
            </li>
          ))}
          {leaves.count > 0 ? (
            <li>
              <Alert
                status="warning"
                icon
                title={
                  leaves.more
                    ? t('identity.soonLeavesMany', {
                        most: String(leaves.count),
                      })
                    : t('identity.soonLeaves', { count: leaves.count })
                }
                customActions={
                  <Button
                    size="small"
                    variant="secondary"
                    onPress={() => {
                      setState('expiring');
                      document.getElementById(LOG_ID)?.focus();
                    }}
                  >
                    {t('identity.soonLeavesShow')}
                  </Button>
                }
              />
            </li>
          ) : null}
        </ul>
      )}
    </IdentitySection>
  );
}

function useExpiring(gns: string): { count: number; more: boolean } {
  const { value } = useLive(
    `expiring/${gns}`,
    (api, signal) =>
      api.authority.listIssuances(
        gns,
        { state: 'expiring', limit: MOST },
        signal,
      ),
    { topics: ['authorities'], gns },
  );
  return {
    count: value?.items.length ?? 0,
    more: value?.nextCursor !== undefined,
  };
}
