import { useGnsTranslation } from '../../useGnsTranslation';
import styles from './steps.module.css';

export type Step = 'edit' | 'review' | 'rollout';
const STEPS: Step[] = ['edit', 'review', 'rollout'];

/** Where a change is on its way from being written to being in force. */
export function Steps(props: { at: Step }) {
  const { t } = useGnsTranslation();
  const words = {
    edit: t('editing.stepEdit'),
    review: t('editing.stepReview'),
    rollout: t('editing.stepRollout'),
  };
  return (
    <ol className={styles.steps} aria-label={t('editing.steps')}>
      {STEPS.map((step, i) => (
        <li
          key={step}
          className={step === props.at ? styles.at : undefined}
          aria-current={step === props.at ? 'step' : undefined}
        >
          <span className={styles.number} aria-hidden>
            {i + 1}
          </span>
          {words[step]}
        </li>
      ))}
    </ol>
  );
}
