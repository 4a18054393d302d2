import { Alert, Card, CardBody, CardHeader, Text } from '@backstage/ui';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { useEntity } from '@backstage/plugin-catalog-react';
import {
  ANNOTATION_SERVICE,
  parseServiceAnnotation,
} from '@isthmus/plugin-gns-common';
import { gnsTranslationRef } from '../../translation';
import styles from '../GnsPage/GnsPage.module.css';
import { ServiceReferenceView } from './ServiceReferenceView';

/** The global services that the entity's annotation names; nothing without one. */
export function EntityTopologyCard() {
  const { t } = useTranslationRef(gnsTranslationRef);
  const { entity } = useEntity();
  const annotation = entity.metadata.annotations?.[ANNOTATION_SERVICE];
  if (!annotation) return null;
  const { services, invalid } = parseServiceAnnotation(annotation);
  if (services.length === 0 && invalid.length === 0) return null;
  return (
    <Card>
      <CardHeader>
        <Text as="h2" variant="title-x-small" weight="bold">
          {t('card.title')}
        </Text>
      </CardHeader>
      <CardBody>
        <div className={styles.column}>
          {invalid.length > 0 ? (
            <Alert
              status="warning"
              icon
              title={t('card.invalid', {
                count: invalid.length,
                annotation: ANNOTATION_SERVICE,
              })}
              description={t('card.invalidText', { parts: invalid.join(', ') })}
            />
          ) : null}
          {services.map(reference => (
            <ServiceReferenceView
              key={`${reference.gns}/${reference.service}`}
              reference={reference}
            />
          ))}
        </div>
      </CardBody>
    </Card>
  );
}
