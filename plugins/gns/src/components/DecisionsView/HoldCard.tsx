import { type ReactNode } from 'react';
import {
  Badge,
  Button,
  Card,
  CardBody,
  CardFooter,
  CardHeader,
  Checkbox,
  Link,
  Text,
} from '@backstage/ui';
import { useRouteRef } from '@backstage/frontend-plugin-api';
import { type Hold } from '@isthmus/plugin-gns-common';
import { StatementList } from '../../change/StatementList';
import { clusterRouteRef, gnsTabRouteRef } from '../../routes';
import { useGnsTranslation } from '../../useGnsTranslation';
import styles from '../GnsPage/GnsPage.module.css';
import { useElapsed, useExactTime } from '../state/RelativeTime';
import { type Decision } from './DecisionDialog';
import { HoldItems } from './HoldItems';

/** One thing that waits, or was decided: where, since when, what it touches. */
export function HoldCard(props: {
  hold: Hold;
  /** It waited when the page was opened, and does not now. */
  gone?: boolean;
  isChosen?: boolean;
  /** Absent: there is nothing to choose among. */
  onChoose?: (isChosen: boolean) => void;
  /** Absent: the reader may not decide. */
  onDecide?: (decision: Decision) => void;
  children?: ReactNode;
}) {
  const { t } = useGnsTranslation();
  const elapsed = useElapsed();
  const exact = useExactTime();
  const tabLink = useRouteRef(gnsTabRouteRef);
  const clusterLink = useRouteRef(clusterRouteRef);
  const { hold, gone, onChoose, onDecide } = props;
  return (
    <Card>
      <CardHeader>
        <div className={styles.line}>
          {onChoose ? (
            <Checkbox
              aria-label={t('inbox.choose', { what: hold.message })}
              isSelected={props.isChosen}
              onChange={onChoose}
            />
          ) : null}
          <Badge>{t(`decisions.${hold.kind}`)}</Badge>
          {hold.gns ? (
            <Link href={tabLink?.({ name: hold.gns, tab: 'overview' }) ?? '#'}>
              {hold.gns}
            </Link>
          ) : null}
          {hold.cluster ? (
            <Link href={clusterLink?.({ cluster: hold.cluster }) ?? '#'}>
              {hold.cluster}
            </Link>
          ) : null}
          <span className={styles.quiet} title={exact(hold.createdAt)}>
            {gone
              ? t('inbox.gone')
              : t('decisions.waits', { duration: elapsed(hold.createdAt) })}
          </span>
        </div>
      </CardHeader>
      <CardBody>
        <Text as="p" color={gone ? 'secondary' : 'primary'}>
          {hold.message}
        </Text>
        {hold.statements.length > 0 ? (
          <StatementList label={t('inbox.cost')} statements={hold.statements} />
        ) : null}
        <HoldItems items={hold.items} />
        {props.children}
      </CardBody>
      {onDecide ? (
        <CardFooter>
          <div className={styles.line}>
            <Button size="small" onPress={() => onDecide('release')}>
              {t('decisions.release')}
            </Button>
            <Button
              size="small"
              variant="secondary"
              onPress={() => onDecide('refuse')}
            >
              {t('decisions.refuse')}
            </Button>
          </div>
        </CardFooter>
      ) : null}
    </Card>
  );
}
