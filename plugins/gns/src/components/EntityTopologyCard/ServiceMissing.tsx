import { Alert } from '@backstage/ui';
import { ANNOTATION_SERVICE } from '@isthmus/plugin-gns-common';
import { useGnsTranslation } from '../../useGnsTranslation';

/** The annotation names a service that does not exist, or that one may not see. */
export function ServiceMissing(props: { gns: string; service: string }) {
  const { t } = useGnsTranslation();
  return (
    <Alert
      status="warning"
      icon
      title={t('card.missing', props)}
      description={t('card.missingText', { annotation: ANNOTATION_SERVICE })}
    />
  );
}
