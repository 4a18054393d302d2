import { NumberField, Radio, RadioGroup, Select } from '@backstage/ui';
import { type RolloutStop } from '@isthmus/plugin-gns-common';
import { type Wave } from '../../editing/waves';
import { useGnsTranslation } from '../../useGnsTranslation';
import { WaveList } from './WaveList';
import styles from './review.module.css';

/** How a change reaches the clusters. */
export interface Choice {
  how: 'atOnce' | 'inWaves';
  waves: readonly Wave[];
  stopOn: RolloutStop;
}

/** All at once or in waves, and what makes the waves stop. */
export function RolloutChoice(props: {
  choice: Choice;
  onChange: (choice: Choice) => void;
}) {
  const { t } = useGnsTranslation();
  const { choice, onChange } = props;
  const { stopOn } = choice;
  const setStop = (change: Partial<RolloutStop>) =>
    onChange({ ...choice, stopOn: { ...stopOn, ...change } });
  return (
    <div className={styles.column}>
      <RadioGroup
        label={t('review.how')}
        value={choice.how}
        onChange={how => onChange({ ...choice, how: how as Choice['how'] })}
      >
        <Radio value="atOnce">
          <span>
            {t('review.atOnce')}
            <span className={styles.hint}>{t('review.atOnceText')}</span>
          </span>
        </Radio>
        <Radio value="inWaves">
          <span>
            {t('review.inWaves')}
            <span className={styles.hint}>{t('review.inWavesText')}</span>
          </span>
        </Radio>
      </RadioGroup>
      {choice.how === 'inWaves' ? (
        <>
          <WaveList
            waves={choice.waves}
            onChange={waves => onChange({ ...choice, waves })}
          />
          <fieldset className={styles.stop}>
            <legend className={styles.title}>{t('review.stop')}</legend>
            <Select
              label={t('review.stopConditions')}
              options={[
                { id: 'error', label: t('review.severityError') },
                { id: 'warning', label: t('review.severityWarning') },
                { id: 'none', label: t('review.severityNone') },
              ]}
              value={stopOn.conditions}
              onChange={conditions =>
                setStop({
                  conditions: conditions as RolloutStop['conditions'],
                })
              }
            />
            <NumberField
              label={t('review.stopErrors')}
              description={t('review.stopErrorsText')}
              value={
                stopOn.errorShare === undefined
                  ? NaN
                  : Math.round(stopOn.errorShare * 1000) / 10
              }
              minValue={0.1}
              maxValue={100}
              step={0.1}
              onChange={percent =>
                setStop({
                  errorShare: Number.isFinite(percent)
                    ? percent / 100
                    : undefined,
                })
              }
            />
            <NumberField
              label={t('review.stopCalls')}
              value={stopOn.minimumCalls}
              minValue={1}
              maxValue={1_000_000}
              onChange={calls =>
                setStop({ minimumCalls: Math.round(calls) || 1 })
              }
            />
            <NumberField
              label={t('review.stopTime')}
              value={stopOn.applyTimeoutSeconds}
              minValue={10}
              maxValue={86_400}
              onChange={seconds =>
                setStop({ applyTimeoutSeconds: Math.round(seconds) || 10 })
              }
            />
          </fieldset>
        </>
      ) : null}
    </div>
  );
}
