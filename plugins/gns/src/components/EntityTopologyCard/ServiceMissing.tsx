import { Alert } from '@backstage/ui';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { ANNOTATION_SERVICE } from '@isthmus/plugin-gns-common';
import { gnsTranslationRef } from '../../translation';

/** The annotation names a service that does not exist, or that one may not see. */
export function ServiceMissing(props: { gns: string; service: string }) {
  const { t } = useTranslationRef(gnsTranslationRef);
  return (
    <Alert
      status="warning"
      icon
      title={t('card.missing', props)}
      description={t('card.missingText', { annotation: ANNOTATION_SERVICE })}
    />
  );
}
