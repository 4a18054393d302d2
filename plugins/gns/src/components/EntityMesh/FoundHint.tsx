import { Alert } from '@backstage/ui';
import {
  ANNOTATION_SERVICE,
  type ServiceReference,
} from '@isthmus/plugin-gns-common';
import { useGnsTranslation } from '../../useGnsTranslation';
import { CopyButton } from '../state/CopyButton';
import styles from './EntityMesh.module.css';

/** Says that labels found the services, and what to write so that they stay. */
export function FoundHint(props: { services: readonly ServiceReference[] }) {
  const { t } = useGnsTranslation();
  const line = `${ANNOTATION_SERVICE}: ${props.services
    .map(one => `${one.gns}/${one.service}`)
    .join(', ')}`;
  return (
    <Alert
      status="info"
      icon
      title={t('entity.found')}
      description={
        <>
          {t('entity.foundText')}
          <span className={styles.copied}>
            <code className={styles.mono}>{line}</code>
            <CopyButton text={line} />
          </span>
        </>
      }
    />
  );
}
