import { type GnsAuthority } from '@isthmus/plugin-gns-common';
import { useGnsTranslation } from '../../useGnsTranslation';
import { useLanguage } from '../state/RelativeTime';
import { elapsed } from '../state/relativeTime';
import { lateAt, numbersOf } from './authorityView';
import { IdentitySection } from './IdentitySection';
import { Life, Lives } from './Life';
import styles from './identity.module.css';

/** Lives of roots and issuers as bars, with now and the thresholds. */
export function LifeTimes(props: { authority: GnsAuthority }) {
  const { t } = useGnsTranslation();
  const language = useLanguage();
  const { authority } = props;
  const numbers = numbersOf(authority);
  const length = (seconds: number) => elapsed(0, seconds * 1000, language);
  return (
    <IdentitySection title={t('identity.lives')} text={t('identity.livesText')}>
      <Lives label={t('identity.lives')}>
        {authority.roots.map(({ keyId, state, certificate, due }) =>
          certificate && state !== 'revoked' ? (
            <Life
              key={keyId}
              name={t('identity.lifeOfRoot', {
                number: String(numbers.get(keyId)),
              })}
              life={certificate}
              marks={
                due
                  ? [
                      { id: 'prepare', at: due.prepareAt },
                      { id: 'activate', at: due.activateAt },
                      { id: 'force', at: due.forceAt },
                    ]
                  : []
              }
              late="activate"
            />
          ) : null,
        )}
        {authority.clusters.map(({ cluster, issuer }) =>
          issuer ? (
            <Life
              key={cluster}
              name={t('identity.lifeOfIssuer', { cluster })}
              life={issuer}
              marks={[
                { id: 'renew', at: issuer.renewAt },
                { id: 'late', at: lateAt(issuer) },
              ]}
              late="late"
            />
          ) : null,
        )}
      </Lives>
      <p className={styles.quiet}>
        {t('identity.leafLife', {
          leaf: length(authority.leafTtlSeconds),
          issuer: length(authority.issuerTtlSeconds),
        })}
      </p>
    </IdentitySection>
  );
}
