import { type ReactNode } from 'react';
import { Badge, Link, Text } from '@backstage/ui';
import { useRouteRef } from '@backstage/frontend-plugin-api';
import { type SloDetail } from '@isthmus/plugin-gns-common';
import { gnsServiceRouteRef } from '../../routes';
import { SloMark } from '../../slo/SloMark';
import { useWindowText } from '../../slo/words';
import { useGnsTranslation } from '../../useGnsTranslation';
import { OwnerLink } from '../state/OwnerLink';
import { useElapsed, useExactTime } from '../state/RelativeTime';
import styles from './sloPage.module.css';

/** Name, state and what is promised to whom. */
export function SloHead(props: {
  detail: SloDetail;
  updated?: ReactNode;
  actions?: ReactNode;
}) {
  const { t } = useGnsTranslation();
  const serviceLink = useRouteRef(gnsServiceRouteRef);
  const elapsed = useElapsed();
  const exact = useExactTime();
  const windowText = useWindowText();
  const { summary, description } = props.detail;
  return (
    <header className={styles.column}>
      <div className={styles.bar}>
        <Text as="h2" variant="title-medium" weight="bold">
          {summary.title ?? summary.name}
        </Text>
        <span className={styles.tools}>
          {props.updated}
          {props.actions}
        </span>
      </div>
      {description ? (
        <Text as="p" color="secondary">
          {description}
        </Text>
      ) : null}
      <dl className={styles.facts}>
        <div>
          <dt>{t('slos.state')}</dt>
          <dd>
            <SloMark state={summary.state} />
            {summary.stateSince ? (
              <span className={styles.quiet} title={exact(summary.stateSince)}>
                {t('slos.since', { duration: elapsed(summary.stateSince) })}
              </span>
            ) : null}
          </dd>
        </div>
        <div>
          <dt>{t('sloPage.services')}</dt>
          <dd>
            {summary.services.map(service => (
              <Link
                key={service}
                href={serviceLink?.({ name: summary.gns, service }) ?? '#'}
              >
                {service}
              </Link>
            ))}
          </dd>
        </div>
        <div>
          <dt>{t('sloPage.window')}</dt>
          <dd>{windowText(summary.window)}</dd>
        </div>
        <div>
          <dt>{t('slos.owner')}</dt>
          <dd>
            <OwnerLink owner={summary.owner} />
          </dd>
        </div>
        <div>
          <dt>{t('sloPage.view')}</dt>
          <dd>{t(`sloView.${props.detail.spec.view}`)}</dd>
        </div>
        {summary.purpose === 'actionable' ? (
          <div>
            <dt>{t('sloPage.purpose')}</dt>
            <dd>
              <Badge>{t('sloPage.actionable')}</Badge>
            </dd>
          </div>
        ) : null}
      </dl>
    </header>
  );
}
