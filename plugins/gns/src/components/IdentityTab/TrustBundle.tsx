import { useState } from 'react';
import { Alert, Button } from '@backstage/ui';
import { RiDownloadLine } from '@remixicon/react';
import { useApi } from '@backstage/frontend-plugin-api';
import { type GnsAuthority } from '@isthmus/plugin-gns-common';
import { gnsApiRef } from '../../api';
import { useGnsTranslation } from '../../useGnsTranslation';
import { IdentitySection } from './IdentitySection';
import { saveFile } from './saveFile';
import styles from './identity.module.css';

/** The roots to verify workloads with, as a file. */
export function TrustBundle(props: { authority: GnsAuthority }) {
  const { t } = useGnsTranslation();
  const api = useApi(gnsApiRef);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<Error>();
  const { gns, bundleEpoch, roots } = props.authority;
  const trusted = roots.filter(
    root => root.state !== 'revoked' && root.state !== 'pending',
  );
  const get = async () => {
    setBusy(true);
    setError(undefined);
    try {
      const { pem } = await api.authority.getTrustBundle(gns);
      saveFile(`${gns}-trust-bundle.pem`, 'application/x-pem-file', pem);
    } catch (cause) {
      setError(cause instanceof Error ? cause : new Error(String(cause)));
    } finally {
      setBusy(false);
    }
  };
  return (
    <IdentitySection
      title={t('identity.bundle')}
      text={t('identity.bundleText', { count: trusted.length })}
    >
      {error ? (
        <Alert
          mb="3"
          role="alert"
          status="danger"
          icon
          title={t('identity.bundleFailed')}
          description={error.message}
        />
      ) : null}
      <div className={styles.row}>
        <Button
          variant="secondary"
          iconStart={<RiDownloadLine />}
          isPending={busy}
          onPress={get}
        >
          {t('identity.bundleGet')}
        </Button>
        <span className={styles.quiet}>
          {t('identity.bundleEpoch', { epoch: String(bundleEpoch) })}
        </span>
      </div>
    </IdentitySection>
  );
}
