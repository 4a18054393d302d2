import { type ReactNode } from 'react';
import styles from './identity.module.css';

/** A part of the tab under a heading of its own. */
export function IdentitySection(props: {
  title: string;
  text?: string;
  /** Beside the heading. */
  actions?: ReactNode;
  children: ReactNode;
}) {
  return (
    <section className={styles.section} aria-label={props.title}>
      <div className={styles.head}>
        <h3 className={styles.heading}>{props.title}</h3>
        {props.actions}
      </div>
      {props.text ? <p className={styles.text}>{props.text}</p> : null}
      {props.children}
    </section>
  );
}
