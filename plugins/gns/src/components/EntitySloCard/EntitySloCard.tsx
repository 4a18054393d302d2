import { Card, CardBody, CardHeader, Text } from '@backstage/ui';
import { useEntity } from '@backstage/plugin-catalog-react';
import { type ServiceReference } from '@isthmus/plugin-gns-common';
import { servicesOf } from '../../entity/serviceReferences';
import { useLive } from '../../live/useLive';
import { useGnsTranslation } from '../../useGnsTranslation';
import { LiveView, SkeletonRows } from '../state/LiveView';
import { Updated } from '../state/Updated';
import { EntitySloList } from './EntitySloList';
import styles from './entitySloCard.module.css';

/** Whether the promises of the entity's global services hold; nothing where it has none. */
export function EntitySloCard() {
  const { entity } = useEntity();
  const { services } = servicesOf(entity);
  return services.length === 0 ? null : <SloCard services={services} />;
}

function SloCard(props: { services: readonly ServiceReference[] }) {
  const { t } = useGnsTranslation();
  const { services } = props;
  const asked = services.map(one => `${one.gns}/${one.service}`).join(',');
  const live = useLive(
    `slos?service=${asked}`,
    (api, signal) => api.slo.list({ service: asked, limit: 100 }, signal),
    { topics: ['slos', 'definitions'] },
  );
  return (
    <Card>
      <CardHeader>
        <div className={styles.bar}>
          <Text as="h2" variant="title-x-small" weight="bold">
            {t('sloCard.title')}
          </Text>
          <Updated live={live} />
        </div>
      </CardHeader>
      <CardBody>
        <LiveView
          live={live}
          permission="gns.definition.read"
          skeleton={<SkeletonRows rows={2} height={84} />}
        >
          {list => <EntitySloList list={list} services={services} />}
        </LiveView>
      </CardBody>
    </Card>
  );
}
