import { type ReactNode } from 'react';
import { Text } from '@backstage/ui';
import { CopyButton } from './CopyButton';
import styles from './state.module.css';

/** Nothing is there yet, and what to do next. */
export function EmptyView(props: {
  title: string;
  text: string;
  /** A command to copy. */
  command?: string;
  action?: ReactNode;
}) {
  return (
    <div className={styles.empty}>
      <Text as="h2" variant="title-small" weight="bold">
        {props.title}
      </Text>
      <Text variant="body-medium" color="secondary">
        {props.text}
      </Text>
      {props.command ? (
        <div className={styles.code}>
          <pre>{props.command}</pre>
          <span className={styles.copy}>
            <CopyButton text={props.command} />
          </span>
        </div>
      ) : null}
      {props.action}
    </div>
  );
}
