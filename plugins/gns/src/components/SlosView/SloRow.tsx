import { memo } from 'react';
import { Link } from '@backstage/ui';
import { useRouteRef } from '@backstage/frontend-plugin-api';
import { type SloSummary } from '@isthmus/plugin-gns-common';
import { sloRouteRef } from '../../routes';
import { BudgetBar } from '../../slo/BudgetBar';
import { burnText } from '../../slo/numbers';
import { SloMark } from '../../slo/SloMark';
import { Sparkline } from '../../slo/Sparkline';
import {
  useBurningText,
  useComplianceText,
  useTrendText,
} from '../../slo/words';
import { useGnsTranslation } from '../../useGnsTranslation';
import { OwnerLink } from '../state/OwnerLink';
import { useElapsed, useExactTime, useLanguage } from '../state/RelativeTime';
import styles from './slosView.module.css';

/** One objective of a list; the whole row opens it. */
export const SloRow = memo(DrawnRow);

function DrawnRow(props: {
  row: SloSummary;
  index: number;
  /** Pixels. */
  top: number;
  height: number;
  withGns: boolean;
}) {
  const { t } = useGnsTranslation();
  const language = useLanguage();
  const link = useRouteRef(sloRouteRef);
  const elapsed = useElapsed();
  const exact = useExactTime();
  const compliance = useComplianceText();
  const burning = useBurningText();
  const trend = useTrendText();
  const { row } = props;
  const said = compliance(row);
  const [, hour] = row.burn;
  const services = row.services.join(', ');
  return (
    <div
      role="row"
      aria-rowindex={props.index + 2}
      className={styles.row}
      style={{ top: props.top, height: props.height }}
    >
      <span role="cell">
        <SloMark state={row.state} />
        {row.stateSince ? (
          <span className={styles.quiet} title={exact(row.stateSince)}>
            {t('slos.since', { duration: elapsed(row.stateSince) })}
          </span>
        ) : null}
      </span>
      <span role="cell" className={styles.title}>
        <Link
          href={link?.({ name: row.gns, slo: row.name }) ?? '#'}
          className={styles.open}
          variant="body-medium"
          weight="bold"
          truncate
        >
          {row.title ?? row.name}
        </Link>
        <span className={`${styles.quiet} ${styles.cut}`} title={services}>
          {props.withGns ? `${row.gns} · ${services}` : services}
        </span>
      </span>
      <span role="cell" className={styles.number}>
        <span>{said.value}</span>
        <span className={styles.quiet}>{said.beside}</span>
      </span>
      <span role="cell">
        <BudgetBar budget={row.budget} state={row.state} />
      </span>
      <span role="cell" className={styles.number}>
        <span>
          {burnText(hour?.burn ?? null, language) ?? t('common.unknown')}
        </span>
        <span className={`${styles.quiet} ${styles.cut}`}>{burning(row)}</span>
      </span>
      <span role="cell" className={styles.trend}>
        <Sparkline values={row.trend} label={trend(row.trend)} />
      </span>
      <span role="cell" className={styles.owner}>
        <OwnerLink owner={row.owner} />
      </span>
    </div>
  );
}
