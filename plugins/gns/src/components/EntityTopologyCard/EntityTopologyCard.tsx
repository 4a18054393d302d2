import { Card, CardBody, CardHeader, Text } from '@backstage/ui';
import { useEntity } from '@backstage/plugin-catalog-react';
import { servicesOf } from '../../entity/serviceReferences';
import { useGnsTranslation } from '../../useGnsTranslation';
import { FoundHint } from '../EntityMesh/FoundHint';
import styles from '../GnsPage/GnsPage.module.css';
import { InvalidParts } from './InvalidParts';
import { ServiceReferenceView } from './ServiceReferenceView';

/** The global services of the entity; nothing where it has none. */
export function EntityTopologyCard() {
  const { t } = useGnsTranslation();
  const { entity } = useEntity();
  const { services, invalid, found } = servicesOf(entity);
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
          <InvalidParts invalid={invalid} />
          {found ? <FoundHint services={services} /> : null}
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
