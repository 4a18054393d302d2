import { Text } from '@backstage/ui';
import { useGnsTranslation } from '../../useGnsTranslation';
import styles from '../GnsPage/GnsPage.module.css';

const SHOWN = 20;

/** What a release would touch; long lists end in a count. */
export function HoldItems(props: { items: readonly string[] }) {
  const { t } = useGnsTranslation();
  if (props.items.length === 0) return null;
  const hidden = props.items.length - SHOWN;
  return (
    <div>
      <Text as="p" variant="body-small" color="secondary">
        {t('decisions.items')}
      </Text>
      <ul className={styles.stack}>
        {props.items.slice(0, SHOWN).map(item => (
          <li key={item}>
            <code className={styles.mono}>{item}</code>
          </li>
        ))}
        {hidden > 0 ? <li>{t('decisions.more', { count: hidden })}</li> : null}
      </ul>
    </div>
  );
}
