import { type Problem } from '@isthmus/plugin-gns-common';
import { SeverityMark } from '../state/SeverityMark';
import styles from './sloPage.module.css';

/** Problems with their places and remedies. */
export function ProblemItems(props: { problems: readonly Problem[] }) {
  return (
    <ul className={styles.problems}>
      {props.problems.map((problem, i) => (
        <li key={i} className={styles.line}>
          <SeverityMark severity={problem.severity} />
          {problem.path ? (
            <code className={styles.mono}>{problem.path}</code>
          ) : null}
          <span>{`${problem.message} ${problem.remedy}`}</span>
        </li>
      ))}
    </ul>
  );
}
