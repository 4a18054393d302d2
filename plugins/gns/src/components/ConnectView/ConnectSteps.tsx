import { useGnsTranslation } from '../../useGnsTranslation';
import styles from '../DefinitionEditor/steps.module.css';

const STEPS = ['describe', 'install', 'watch'] as const;
export type ConnectStep = (typeof STEPS)[number];

/** Where the cluster is on its way to be a member. */
export function ConnectSteps(props: { at: ConnectStep }) {
  const { t } = useGnsTranslation();
  return (
    <ol className={styles.steps} aria-label={t('connect.steps')}>
      {STEPS.map((step, i) => (
        <li
          key={step}
          className={step === props.at ? styles.at : undefined}
          aria-current={step === props.at ? 'step' : undefined}
        >
          <span className={styles.number} aria-hidden>
            {i + 1}
          </span>
          {t(`connect.step_${step}`)}
        </li>
      ))}
    </ol>
  );
}
