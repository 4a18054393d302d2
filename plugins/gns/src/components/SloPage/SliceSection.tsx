import {
  SLO_SLICE_STATES,
  type SloDetail,
  type SloSliceState,
} from '@isthmus/plugin-gns-common';
import { ChartFrame } from '../../slo/chart/ChartFrame';
import chart from '../../slo/chart/chart.module.css';
import { countStates, notableStretches } from '../../slo/chart/heatCells';
import { HeatMap, HeatSample } from '../../slo/chart/HeatMap';
import { burnText, lengthText } from '../../slo/numbers';
import { useGnsTranslation } from '../../useGnsTranslation';
import { DataTable } from '../state/DataTable';
import { useLanguage } from '../state/RelativeTime';
import { useMoment } from './useMoment';
import styles from './sloPage.module.css';

/** More stretches than a person reads. */
const MOST = 200;

type Seen = Exclude<SloSliceState, 'none'>;

/** When it went wrong: slices by day and time of day, or the stretches as a table. */
export function SliceSection(props: { detail: SloDetail }) {
  const { t } = useGnsTranslation();
  const language = useLanguage();
  const moment = useMoment();
  const { heatMap } = props.detail;
  const counts = countStates(heatMap);
  const stretches = notableStretches(heatMap);
  const states = SLO_SLICE_STATES.filter(
    (state): state is Seen => state !== 'none' && counts.has(state),
  );
  const burn = (value: number | null) =>
    burnText(value, language) ?? t('common.unknown');
  return (
    <ChartFrame
      title={t('sloPage.slices')}
      text={t('sloPage.slicesText', {
        length: lengthText(heatMap.stepSeconds, language),
        name: heatMap.objective,
      })}
      chart={
        <>
          <HeatMap
            label={t('sloPage.slicesLabel', {
              bad: String(counts.get('bad') ?? 0),
              unknown: String(counts.get('unknown') ?? 0),
              total: String(
                [...counts.values()].reduce((sum, count) => sum + count, 0),
              ),
            })}
            map={heatMap}
            describe={cell =>
              `${moment(cell.at)} · ${t(`sloSlice.${cell.state as Seen}`)}${
                cell.burn === null ? '' : ` · ${burn(cell.burn)}`
              }`
            }
          />
          <ul className={chart.legend}>
            {states.map(state => (
              <li key={state}>
                <HeatSample state={state} />
                {`${t(`sloSlice.${state}`)} (${counts.get(state)})`}
              </li>
            ))}
          </ul>
        </>
      }
      table={() =>
        stretches.length === 0 ? (
          <p className={styles.quiet}>{t('sloPage.noStretch')}</p>
        ) : (
          <>
            <DataTable
              label={t('sloPage.slices')}
              rows={stretches.slice(0, MOST)}
              rowKey={row => String(row.from)}
              columns={[
                {
                  id: 'from',
                  label: t('sloPage.from'),
                  cell: row => moment(row.from),
                },
                {
                  id: 'length',
                  label: t('sloPage.length'),
                  cell: row => lengthText((row.to - row.from) / 1000, language),
                },
                {
                  id: 'state',
                  label: t('slos.state'),
                  cell: row => t(`sloSlice.${row.state as Seen}`),
                },
                {
                  id: 'burn',
                  label: t('sloPage.fastest'),
                  cell: row => burn(row.burn),
                },
              ]}
            />
            {stretches.length > MOST ? (
              <p className={styles.quiet}>
                {t('sloPage.more', {
                  hidden: String(stretches.length - MOST),
                })}
              </p>
            ) : null}
          </>
        )
      }
    />
  );
}
