import { useEffect, useRef, useState } from 'react';
import { Button, ButtonIcon, Select } from '@backstage/ui';
import { RiPauseLine, RiPlayLine } from '@remixicon/react';
import { TRAFFIC_WINDOWS_SECONDS } from '@isthmus/plugin-gns-common';
import { useLive } from '../../live/useLive';
import { useExactTime, useLanguage } from '../../components/state/RelativeTime';
import { useGnsTranslation } from '../../useGnsTranslation';
import { nextTime, rangeOf, type Reach, spanOf } from '../picture/replay';
import styles from './page.module.css';

const FRAME_MS = 1000;

/** Time range, and the past step by step. */
export function ReplayBar(props: {
  gns: string;
  window: number;
  at?: string;
  /** A picture is on its way: the next step waits for it. */
  isWaiting: boolean;
  onChange: (change: { window?: number; at?: string }) => void;
}) {
  const { gns, window, at, isWaiting, onChange } = props;
  const { t } = useGnsTranslation();
  const language = useLanguage();
  const exact = useExactTime();
  const { value: ranges } = useLive(
    `traffic-ranges/${gns}`,
    (api, signal) => api.telemetry.getRanges(gns, signal),
    { topics: ['traffic'], gns },
  );
  const [reach, setReach] = useState<Reach>(() => reachOf(at));
  const [isPlaying, setIsPlaying] = useState(false);
  const range = ranges && rangeOf(ranges, reach);
  const now = at === undefined ? range?.to : Date.parse(at);

  const latest = useRef({ onChange, range, at });
  latest.current = { onChange, range, at };
  useEffect(() => {
    if (!isPlaying || isWaiting) return undefined;
    const timer = setTimeout(() => {
      const { range: over, at: from, onChange: tell } = latest.current;
      const next = over && nextTime(over, from);
      tell({ at: next });
      if (next === undefined) setIsPlaying(false);
    }, FRAME_MS);
    return () => clearTimeout(timer);
  }, [isPlaying, isWaiting, at]);

  const choose = (time: number) =>
    onChange({
      at: range && time >= range.to ? undefined : new Date(time).toISOString(),
    });
  return (
    <div className={styles.replay} role="group" aria-label={t('replay.label')}>
      <Select
        size="small"
        aria-label={t('replay.window')}
        options={TRAFFIC_WINDOWS_SECONDS.map(seconds => ({
          value: String(seconds),
          label: t('replay.last', { span: spanOf(seconds, language) }),
        }))}
        value={String(window)}
        onChange={value => onChange({ window: Number(value) })}
      />
      <Select
        size="small"
        aria-label={t('replay.reach')}
        options={(['3h', '7d'] as const).map(value => ({
          value,
          label: t(`replayReach.${value}`),
        }))}
        value={reach}
        onChange={value => {
          const next = value as Reach;
          setReach(next);
          setIsPlaying(false);
          // Of days ago only quarters of an hour are kept.
          onChange({
            at: undefined,
            ...(next === '7d' && window < 900 ? { window: 900 } : {}),
          });
        }}
      />
      <ButtonIcon
        size="small"
        variant="secondary"
        isDisabled={!range}
        aria-label={isPlaying ? t('replay.pause') : t('replay.play')}
        icon={isPlaying ? <RiPauseLine /> : <RiPlayLine />}
        onPress={() => {
          if (!isPlaying && range && at === undefined) {
            onChange({ at: new Date(range.from).toISOString() });
          }
          setIsPlaying(!isPlaying);
        }}
      />
      <input
        type="range"
        className={styles.slider}
        aria-label={t('replay.time')}
        aria-valuetext={
          at === undefined || now === undefined ? t('replay.live') : exact(now)
        }
        disabled={!range}
        min={range?.from ?? 0}
        max={range?.to ?? 1}
        step={range?.step ?? 1}
        value={now ?? 1}
        onChange={event => {
          setIsPlaying(false);
          choose(Number(event.target.value));
        }}
      />
      <span className={styles.time}>
        {at === undefined ? t('replay.live') : exact(at)}
      </span>
      {at === undefined ? null : (
        <Button
          size="small"
          variant="secondary"
          onPress={() => {
            setIsPlaying(false);
            onChange({ at: undefined });
          }}
        >
          {t('replay.backToLive')}
        </Button>
      )}
      {ranges && !range ? (
        <span className={styles.note}>{t('replay.nothing')}</span>
      ) : null}
    </div>
  );
}

/** A link into the days before yesterday opens the long reach. */
function reachOf(at: string | undefined): Reach {
  return at !== undefined && Date.now() - Date.parse(at) > 3 * 3_600_000
    ? '7d'
    : '3h';
}
