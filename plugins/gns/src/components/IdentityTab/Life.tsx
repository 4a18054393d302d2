import { type ReactNode } from 'react';
import { type gnsMessages } from '../../translation';
import { useGnsTranslation } from '../../useGnsTranslation';
import { RelativeTime, useAge, useLanguage } from '../state/RelativeTime';
import { lifeBar } from './authorityView';
import { useNow } from './useNow';
import styles from './lives.module.css';

type Mark = keyof typeof gnsMessages.identityMark;

/** Bars of {@link Life}, below each other. */
export function Lives(props: { label: string; children: ReactNode }) {
  return (
    <ul className={styles.lives} aria-label={props.label}>
      {props.children}
    </ul>
  );
}

/** One life: a bar that is filled up to now, and its thresholds, also in words. */
export function Life(props: {
  name: string;
  life: { notBefore: string; notAfter: string };
  marks: readonly { id: Mark; at: string }[];
  /** From this mark on somebody should look. */
  late?: Mark;
}) {
  const { t } = useGnsTranslation();
  const language = useLanguage();
  const age = useAge();
  const { name, life, marks, late } = props;
  const bar = lifeBar(life, marks, useNow(), late);
  const percent = new Intl.NumberFormat(language, {
    style: 'percent',
    maximumFractionDigits: 0,
  }).format(bar.now);
  return (
    <li className={styles.life}>
      <span className={styles.name}>{name}</span>
      <span
        className={styles.bar}
        data-state={bar.state}
        role="img"
        aria-label={t('identity.lifeIs', {
          name,
          percent,
          age: age(life.notAfter),
        })}
      >
        <span
          className={styles.over}
          style={{ inlineSize: `${bar.now * 100}%` }}
        />
        {bar.marks.map(mark => (
          <span
            key={mark.id}
            className={styles.mark}
            style={{ insetInlineStart: `${mark.part * 100}%` }}
          />
        ))}
        <span
          className={styles.now}
          style={{ insetInlineStart: `${bar.now * 100}%` }}
        />
      </span>
      <span className={styles.ends}>
        {bar.state === 'over'
          ? t('identity.ended', { age: age(life.notAfter) })
          : t('identity.ends', { age: age(life.notAfter) })}
      </span>
      {marks.length > 0 ? (
        <span className={styles.legend}>
          {marks.map(mark => (
            <span key={mark.id}>
              {t(`identityMark.${mark.id}`)} <RelativeTime at={mark.at} />
            </span>
          ))}
        </span>
      ) : null}
    </li>
  );
}
