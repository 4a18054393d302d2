import { type Problem } from '@isthmus/plugin-gns-common';
import { SeverityMark } from '../components/state/SeverityMark';
import { useGnsTranslation } from '../useGnsTranslation';
import styles from './yamlEditor.module.css';

/** What is wrong with a text; each entry leads to its place. */
export function ProblemList(props: {
  problems: readonly Problem[];
  /** Line of each, from 1. */
  lines: readonly number[];
  onSelect: (index: number) => void;
}) {
  const { t } = useGnsTranslation();
  if (props.problems.length === 0) return null;
  return (
    <ul className={styles.problems} aria-label={t('editor.problems')}>
      {props.problems.map((problem, i) => (
        <li key={`${problem.path} ${problem.code} ${problem.value}`}>
          <button
            type="button"
            className={styles.problem}
            onClick={() => props.onSelect(i)}
          >
            <SeverityMark severity={problem.severity} />
            <span className={styles.line}>
              {t('editor.line', { line: String(props.lines[i]) })}
            </span>
            <span className={styles.message}>
              {/^\d|^$/.test(problem.path) ? '' : `${problem.path}: `}
              {`${problem.message} ${problem.remedy}`}
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}
