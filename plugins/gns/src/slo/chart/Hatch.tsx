import styles from './chart.module.css';

/** The ground of what is unknown, to fill with `url(#id)`. */
export function Hatch(props: { id: string }) {
  return (
    <defs>
      <pattern
        id={props.id}
        width="6"
        height="6"
        patternUnits="userSpaceOnUse"
        patternTransform="rotate(45)"
      >
        <line className={styles.hatch} x1="0" y1="0" x2="0" y2="6" />
      </pattern>
    </defs>
  );
}
