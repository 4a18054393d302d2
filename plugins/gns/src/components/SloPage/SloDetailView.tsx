import { ToggleButton, ToggleButtonGroup } from '@backstage/ui';
import { type SloDetail } from '@isthmus/plugin-gns-common';
import { useGnsTranslation } from '../../useGnsTranslation';
import { BudgetSection } from './BudgetSection';
import { BurnSection } from './BurnSection';
import { EventList } from './EventList';
import { LatencySection } from './LatencySection';
import { PartsTable } from './PartsTable';
import { SliceSection } from './SliceSection';
import { SloFigures } from './SloFigures';
import { SloNotices } from './SloNotices';
import styles from './sloPage.module.css';

/** Figures and pictures of an objective; also of a proposed one, over the stored past. */
export function SloDetailView(props: {
  detail: SloDetail;
  /** Shows the slices of another one; absent: there is no choice. */
  onObjective?: (name: string) => void;
}) {
  const { t } = useGnsTranslation();
  const { detail, onObjective } = props;
  const shown = detail.heatMap.objective;
  return (
    <div className={styles.page}>
      <SloNotices detail={detail} />
      <SloFigures detail={detail} />
      {onObjective && detail.objectives.length > 1 ? (
        <ToggleButtonGroup
          className={styles.wrap}
          aria-label={t('sloPage.chooseObjective')}
          selectionMode="single"
          disallowEmptySelection
          selectedKeys={[shown]}
          onSelectionChange={keys =>
            [...keys].forEach(key => onObjective(String(key)))
          }
        >
          {detail.objectives.map(one => (
            <ToggleButton key={one.name} id={one.name} size="small">
              {one.title ?? one.name}
            </ToggleButton>
          ))}
        </ToggleButtonGroup>
      ) : null}
      <BudgetSection detail={detail} objective={shown} />
      <SliceSection detail={detail} />
      <BurnSection detail={detail} objective={shown} />
      <div className={styles.pair}>
        <LatencySection detail={detail} objective={shown} />
        <PartsTable detail={detail} />
      </div>
      <EventList detail={detail} />
    </div>
  );
}
