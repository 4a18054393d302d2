import { useEntity } from '@backstage/plugin-catalog-react';
import { ANNOTATION_SERVICE } from '@isthmus/plugin-gns-common';
import { servicesOf } from '../../entity/serviceReferences';
import { useGnsTranslation } from '../../useGnsTranslation';
import { InvalidParts } from '../EntityTopologyCard/InvalidParts';
import { EmptyView } from '../state/EmptyView';
import { FoundHint } from './FoundHint';
import { ServicePanel } from './ServicePanel';
import styles from './EntityMesh.module.css';

/** The mesh tab of an entity: its global services side by side, staging beside production. */
export function EntityMeshContent() {
  const { t } = useGnsTranslation();
  const { entity } = useEntity();
  const { services, invalid, found } = servicesOf(entity);
  if (services.length === 0 && invalid.length === 0) {
    return (
      <EmptyView
        title={t('entity.none')}
        text={t('entity.noneText', { annotation: ANNOTATION_SERVICE })}
      />
    );
  }
  return (
    <section className={styles.page} aria-label={t('entity.tab')}>
      <InvalidParts invalid={invalid} />
      {found ? <FoundHint services={services} /> : null}
      <div className={styles.sideBySide}>
        {services.map(reference => (
          <ServicePanel
            key={`${reference.gns}/${reference.service}`}
            reference={reference}
          />
        ))}
      </div>
    </section>
  );
}
