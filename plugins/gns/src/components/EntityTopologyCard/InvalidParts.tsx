import { Alert } from '@backstage/ui';
import { ANNOTATION_SERVICE } from '@isthmus/plugin-gns-common';
import { useGnsTranslation } from '../../useGnsTranslation';

/** Parts of the annotation that are no services, as text; nothing where there are none. */
export function InvalidParts(props: { invalid: readonly string[] }) {
  const { t } = useGnsTranslation();
  const { invalid } = props;
  if (invalid.length === 0) return null;
  return (
    <Alert
      status="warning"
      icon
      title={t('card.invalid', {
        count: invalid.length,
        annotation: ANNOTATION_SERVICE,
      })}
      description={t('card.invalidText', { parts: invalid.join(', ') })}
    />
  );
}
