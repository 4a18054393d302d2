import { Checkbox } from '@backstage/ui';
import { useGnsTranslation } from '../../useGnsTranslation';
import styles from '../GnsPage/GnsPage.module.css';
import { useUrlText } from '../useUrlChoice';

/** Whether the controller may restart workloads; the address of the page keeps it for the next step. */
export function useRestarts(): [boolean, (chosen: boolean) => void] {
  const [text, setText] = useUrlText('restarts');
  return [text === 'yes', chosen => setText(chosen ? 'yes' : '')];
}

/** Asks for the right that `authority.restart: rolling` needs, and says what it comes to. */
export function RestartsEntry(props: {
  value: boolean;
  onChange: (chosen: boolean) => void;
}) {
  const { t } = useGnsTranslation();
  return (
    <div>
      <Checkbox isSelected={props.value} onChange={props.onChange}>
        {t('connect.restarts')}
      </Checkbox>
      <div className={styles.quiet}>{t('connect.restartsText')}</div>
    </div>
  );
}
