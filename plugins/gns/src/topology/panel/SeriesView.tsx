import { useMemo } from 'react';
import { Skeleton, Text } from '@backstage/ui';
import {
  type QuantileName,
  type TrafficSeries,
} from '@isthmus/plugin-gns-common';
import { readProblem } from '../../components/state/readProblem';
import { useExactTime, useLanguage } from '../../components/state/RelativeTime';
import { useLive } from '../../live/useLive';
import { linearScale, linePath, stretches } from '../../slo/linePath';
import { useGnsTranslation } from '../../useGnsTranslation';
import { useAmounts } from '../canvas/look';
import styles from './panel.module.css';

/** How far back the course goes, seconds. */
const RANGE = 3 * 3600;
const WIDTH = 300;
const HEIGHT = 56;

/** The course of a node or call: rate, errors, latency, and what was answered. */
export function SeriesView(props: {
  gns: string;
  node?: string;
  edge?: string;
  direction?: 'inbound' | 'outbound';
  at?: string;
  quantile: QuantileName;
}) {
  const { gns, node, edge, direction, at, quantile } = props;
  const { t } = useGnsTranslation();
  const amounts = useAmounts();
  const live = useLive(
    `traffic-series/${gns}/${node ?? ''}/${edge ?? ''}/${direction ?? ''}/${
      at ?? ''
    }`,
    (api, signal) =>
      api.telemetry.getSeries(
        gns,
        { node, edge, direction, at, range: RANGE },
        signal,
      ),
    { topics: ['traffic'], gns },
  );
  if (!live.value) {
    if (!live.error) return <Skeleton width="100%" height={3 * HEIGHT} />;
    return (
      <Text color="secondary" variant="body-small">
        {readProblem(live.error) === 'missing'
          ? t('series.none')
          : t('series.failed', { message: live.error.message })}
      </Text>
    );
  }
  const series = live.value;
  const points = series.series[0]?.points;
  if (!points) {
    return (
      <Text color="secondary" variant="body-small">
        {t('series.none')}
      </Text>
    );
  }
  const hasRequests = points.requests.some(value => value !== null);
  return (
    <>
      <Chart
        series={series}
        label={hasRequests ? t('series.rate') : t('series.bytes')}
        values={hasRequests ? points.requests : points.bytesToClient}
        write={value =>
          (hasRequests ? amounts.rate(value) : amounts.bytes(value)) ?? ''
        }
      />
      {hasRequests ? (
        <>
          <Chart
            series={series}
            label={t('series.errors')}
            values={points.errorShare}
            write={value => amounts.share(value) ?? ''}
            tone="bad"
          />
          <Chart
            series={series}
            label={t('series.latency', { quantile })}
            values={points[quantile]}
            write={value => amounts.duration(value) ?? ''}
          />
        </>
      ) : null}
      <Codes series={series} />
    </>
  );
}

function Chart(props: {
  series: TrafficSeries;
  label: string;
  values: readonly (number | null)[];
  write: (value: number) => string;
  tone?: 'bad';
}) {
  const { series, values, label, write, tone } = props;
  const { t } = useGnsTranslation();
  const exact = useExactTime();
  const drawn = useMemo(() => {
    const known = values.filter((v): v is number => v !== null);
    const most = Math.max(0, ...known);
    const x = linearScale([0, Math.max(1, values.length - 1)], [0, WIDTH]);
    const y = linearScale([0, most || 1], [HEIGHT - 1, 2]);
    return {
      most,
      last: known.at(-1),
      path: linePath(values, x, y),
      gaps: stretches(values.length, i => values[i] === null).map(
        ([from, to]) => [
          Math.max(0, x(from - 0.5)),
          Math.min(WIDTH, x(to + 0.5)),
        ],
      ),
    };
  }, [values]);
  const summary = t('series.summary', {
    label,
    last: drawn.last === undefined ? t('common.unknown') : write(drawn.last),
    most: write(drawn.most),
  });
  return (
    <figure className={styles.chart}>
      <figcaption>
        <span>{label}</span>
        <span className={styles.number}>
          {drawn.last === undefined ? t('common.unknown') : write(drawn.last)}
        </span>
      </figcaption>
      <svg
        role="img"
        aria-label={summary}
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
      >
        <title>{`${exact(series.from)} – ${exact(series.to)}`}</title>
        {drawn.gaps.map(([from, to]) => (
          <rect
            key={from}
            className={styles.gap}
            x={from}
            width={Math.max(0, to - from)}
            y={0}
            height={HEIGHT}
          />
        ))}
        <path
          className={tone === 'bad' ? styles.badLine : styles.goodLine}
          d={drawn.path}
        />
      </svg>
      <span className={styles.most}>
        {t('series.most', { value: write(drawn.most) })}
      </span>
    </figure>
  );
}

function Codes(props: { series: TrafficSeries }) {
  const { t } = useGnsTranslation();
  const language = useLanguage();
  const { codes } = props.series;
  if (codes.length === 0) return null;
  const count = new Intl.NumberFormat(language, { maximumFractionDigits: 0 });
  return (
    <>
      <h4 className={styles.heading}>{t('series.codes')}</h4>
      <dl className={styles.codes}>
        {[...codes]
          .sort((a, b) => b.requests - a.requests)
          .map(({ code, requests }) => (
            <div key={code}>
              <dt>{code}</dt>
              <dd>{count.format(requests)}</dd>
            </div>
          ))}
      </dl>
    </>
  );
}
