import { type ReactNode, useState } from 'react';
import { Text, ToggleButton, ToggleButtonGroup } from '@backstage/ui';
import { useGnsTranslation } from '../../useGnsTranslation';
import styles from './chart.module.css';

/** A picture and a table of the same, to choose from. */
export function ChartFrame(props: {
  title: string;
  text?: string;
  chart: ReactNode;
  /** Drawn only when it is chosen. */
  table: () => ReactNode;
}) {
  const { t } = useGnsTranslation();
  const [shown, setShown] = useState<'chart' | 'table'>('chart');
  return (
    <section className={styles.section}>
      <div className={styles.head}>
        <Text as="h3" variant="title-x-small" weight="bold">
          {props.title}
        </Text>
        <ToggleButtonGroup
          aria-label={t('sloPage.shownAs', { title: props.title })}
          selectionMode="single"
          disallowEmptySelection
          selectedKeys={[shown]}
          onSelectionChange={keys =>
            setShown(new Set(keys).has('table') ? 'table' : 'chart')
          }
        >
          <ToggleButton id="chart" size="small">
            {t('sloPage.chart')}
          </ToggleButton>
          <ToggleButton id="table" size="small">
            {t('sloPage.table')}
          </ToggleButton>
        </ToggleButtonGroup>
      </div>
      {props.text ? <p className={styles.text}>{props.text}</p> : null}
      {shown === 'chart' ? props.chart : props.table()}
    </section>
  );
}
