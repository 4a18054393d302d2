import { useState } from 'react';
import { Accordion, AccordionPanel, AccordionTrigger } from '@backstage/ui';
import { formatYaml, type Plan } from '@isthmus/plugin-gns-common';
import { DiffView } from '../../diff/DiffView';
import { useGnsTranslation } from '../../useGnsTranslation';
import { ConditionList } from '../GnsPage/ConditionList';
import styles from './review.module.css';

type ClusterPlan = Plan['clusters'][number];

/** Per cluster: the objects that its controller will apply, each as a diff. */
export function ClusterChanges(props: { clusters: readonly ClusterPlan[] }) {
  const { t } = useGnsTranslation();
  const told = props.clusters.filter(
    one => one.objects.length > 0 || one.conditions.length > 0,
  );
  if (told.length === 0) {
    return <p className={styles.quiet}>{t('review.noObjects')}</p>;
  }
  return (
    <div className={styles.column}>
      {told.map(one => (
        <Accordion key={one.cluster}>
          <AccordionTrigger title={one.cluster} subtitle={countsText(one)} />
          <AccordionPanel>
            <div className={styles.column}>
              {one.conditions.length > 0 ? (
                <ConditionList conditions={one.conditions} />
              ) : null}
              {one.objects.map(object => (
                <ObjectChange
                  key={`${object.change} ${object.key}`}
                  object={object}
                />
              ))}
            </div>
          </AccordionPanel>
        </Accordion>
      ))}
    </div>
  );

  function countsText(one: ClusterPlan): string {
    const count = (change: string) =>
      String(one.objects.filter(object => object.change === change).length);
    return t('review.objectCounts', {
      create: count('create'),
      update: count('update'),
      delete: count('delete'),
    });
  }
}

function ObjectChange(props: { object: ClusterPlan['objects'][number] }) {
  const { t } = useGnsTranslation();
  const [open, setOpen] = useState(false);
  const { object } = props;
  return (
    <details
      className={styles.object}
      onToggle={event => setOpen(event.currentTarget.open)}
    >
      <summary>
        <code className={styles.mono}>{object.key}</code>
        <span className={styles.quiet}>{t(`review.${object.change}`)}</span>
      </summary>
      {open ? (
        <DiffView
          label={t('review.objectLabel', { key: object.key })}
          before={object.before ? formatYaml(object.before) : ''}
          after={object.after ? formatYaml(object.after) : ''}
          beforeLabel={t('review.inForce')}
          afterLabel={t('review.afterwards')}
        />
      ) : null}
    </details>
  );
}
