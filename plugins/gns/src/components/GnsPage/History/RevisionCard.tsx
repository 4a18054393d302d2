import {
  Badge,
  Button,
  ButtonLink,
  Card,
  CardBody,
  CardFooter,
  CardHeader,
  Text,
} from '@backstage/ui';
import { useRouteRef } from '@backstage/frontend-plugin-api';
import { type Revision } from '@isthmus/plugin-gns-common';
import { restoreRouteRef } from '../../../routes';
import { useGnsTranslation } from '../../../useGnsTranslation';
import { DataTable } from '../../state/DataTable';
import { RelativeTime } from '../../state/RelativeTime';
import styles from '../GnsPage.module.css';
import { showValue } from '../showValue';

/** One change of the definition: who, when, why, what; and the way back to it. */
export function RevisionCard(props: {
  gns: string;
  revision: Revision;
  isInForce: boolean;
  mayRestore: boolean;
  onCompare: () => void;
}) {
  const { t } = useGnsTranslation();
  const restoreLink = useRouteRef(restoreRouteRef);
  const { revision, isInForce } = props;
  const generation = String(revision.generation);
  const action = {
    create: t('history.created'),
    update: t('history.updated'),
    delete: t('history.deleted'),
  }[revision.action];
  const title = t('history.revision', { generation });
  return (
    <Card>
      <CardHeader>
        <div className={styles.line}>
          <Text as="h2" variant="title-x-small" weight="bold">
            {title}
          </Text>
          {isInForce ? <Badge>{t('revisions.inForce')}</Badge> : null}
        </div>
        <div className={styles.line}>
          <span>{action}</span>
          <span>{revision.actor}</span>
          <span className={styles.quiet}>
            <RelativeTime at={revision.at} />
          </span>
          <code className={`${styles.mono} ${styles.quiet}`}>
            {t('history.hash', { hash: revision.hash.slice(0, 12) })}
          </code>
        </div>
      </CardHeader>
      <CardBody>
        <Text color={revision.message ? 'primary' : 'secondary'}>
          {revision.message || t('history.noMessage')}
        </Text>
        <Changes title={title} revision={revision} />
      </CardBody>
      {isInForce || !revision.definition ? null : (
        <CardFooter>
          <div className={styles.line}>
            <Button
              size="small"
              variant="secondary"
              aria-label={t('revisions.compareWhat', { generation })}
              onPress={props.onCompare}
            >
              {t('revisions.compareShort')}
            </Button>
            {props.mayRestore ? (
              <ButtonLink
                size="small"
                variant="secondary"
                aria-label={t('revisions.restoreWhat', { generation })}
                href={restoreLink?.({ name: props.gns, generation }) ?? '#'}
              >
                {t('revisions.restore')}
              </ButtonLink>
            ) : null}
          </div>
        </CardFooter>
      )}
    </Card>
  );
}

function Changes(props: { title: string; revision: Revision }) {
  const { t } = useGnsTranslation();
  const { changes } = props.revision;
  if (changes.length === 0) return null;
  return (
    <DataTable
      label={props.title}
      rows={changes}
      rowKey={change => change.path}
      columns={[
        {
          id: 'path',
          label: t('history.path'),
          cell: change =>
            change.path ? (
              <code className={styles.mono}>{change.path}</code>
            ) : (
              t('history.document')
            ),
        },
        {
          id: 'before',
          label: t('history.before'),
          cell: change => <Value of={change} value={change.before} />,
        },
        {
          id: 'after',
          label: t('history.after'),
          cell: change => <Value of={change} value={change.after} />,
        },
      ]}
    />
  );
}

function Value(props: { of: { path: string }; value: unknown }) {
  const { t } = useGnsTranslation();
  if (props.value === undefined) {
    return <span className={styles.quiet}>{t('history.absent')}</span>;
  }
  // A whole document, at its creation or deletion, is read line by line.
  return props.of.path === '' ? (
    <pre
      className={`${styles.mono} ${styles.document}`}
      role="region"
      aria-label={t('history.document')}
      // It scrolls, so the keyboard must reach it (WCAG 2.1.1), which the rule does not know.
      // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
    >
      {JSON.stringify(props.value, null, 2)}
    </pre>
  ) : (
    <code className={styles.mono}>{showValue(props.value)}</code>
  );
}
