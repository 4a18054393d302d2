import { CopyButton } from '../components/state/CopyButton';
import styles from './code.module.css';

/** Text to copy as it is: a command, a document. */
export function CodeBlock(props: {
  label: string;
  text: string;
  /** Pixels; taller text scrolls. */
  maxHeight?: number;
}) {
  return (
    <div className={styles.block}>
      <pre
        className={styles.text}
        style={{ maxHeight: props.maxHeight }}
        role="region"
        aria-label={props.label}
        // It scrolls, so the keyboard must reach it (WCAG 2.1.1), which the rule does not know.
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
      >
        {props.text}
      </pre>
      <span className={styles.copy}>
        <CopyButton text={props.text} name={props.label} />
      </span>
    </div>
  );
}
