import {
  RiAddCircleLine,
  RiAlertLine,
  RiErrorWarningLine,
} from '@remixicon/react';
import { type Statement } from '@isthmus/plugin-gns-common';
import badges from '../components/state/badges.module.css';
import { useGnsTranslation } from '../useGnsTranslation';
import { useStatementText } from './useStatementText';
import styles from './change.module.css';

const LOOKS = {
  danger: [RiErrorWarningLine, badges.bad],
  warning: [RiAlertLine, badges.warn],
  info: [RiAddCircleLine, badges.quiet],
} as const;

/** What a change means for whom; the order is the hub's, the gravest first. */
export function StatementList(props: {
  label: string;
  statements: readonly Statement[];
}) {
  const { t } = useGnsTranslation();
  const textOf = useStatementText();
  return (
    <ul className={styles.statements} aria-label={props.label}>
      {props.statements.map((statement, i) => {
        const [Icon, tone] = LOOKS[statement.weight];
        return (
          <li key={i} className={`${badges.mark} ${tone}`}>
            <Icon role="img" aria-label={t(`change.${statement.weight}`)} />
            <span className={styles.sentence}>{textOf(statement)}</span>
          </li>
        );
      })}
    </ul>
  );
}
