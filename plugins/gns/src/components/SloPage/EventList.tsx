import { Badge, Link, Text } from '@backstage/ui';
import {
  RiAlarmWarningLine,
  RiCheckLine,
  RiFileEditLine,
  RiRocketLine,
  RiStickyNoteLine,
} from '@remixicon/react';
import { type SloDetail, type SloEvent } from '@isthmus/plugin-gns-common';
import { useGnsTranslation } from '../../useGnsTranslation';
import { RelativeTime } from '../state/RelativeTime';
import styles from './sloPage.module.css';

const ICONS = {
  definition: RiFileEditLine,
  deploy: RiRocketLine,
  note: RiStickyNoteLine,
  alert: RiAlarmWarningLine,
  resolved: RiCheckLine,
} as const;

/** What happened within the window, newest first. */
export function EventList(props: { detail: SloDetail }) {
  const { t } = useGnsTranslation();
  const { events } = props.detail;
  return (
    <section className={styles.column}>
      <Text as="h3" variant="title-x-small" weight="bold">
        {t('sloPage.events')}
      </Text>
      {events.length === 0 ? (
        <p className={styles.quiet}>{t('sloPage.noEvents')}</p>
      ) : (
        <ul className={styles.events}>
          {events.map((event, i) => (
            <li key={`${event.at} ${i}`}>
              <EventRow event={event} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function EventRow(props: { event: SloEvent }) {
  const { t } = useGnsTranslation();
  const { event } = props;
  const Icon = ICONS[event.kind];
  const where = [event.service, event.cluster, event.actor].filter(Boolean);
  return (
    <>
      <Icon className={styles.icon} aria-hidden />
      <div className={styles.column}>
        <span className={styles.line}>
          <span className={styles.quiet}>{t(`sloEvent.${event.kind}`)}</span>
          {event.url ? (
            <Link href={event.url}>{event.title}</Link>
          ) : (
            <span>{event.title}</span>
          )}
          {event.severity ? (
            <Badge>{t(`sloSeverity.${event.severity}`)}</Badge>
          ) : null}
          {event.judgement ? <Badge>{t('sloPage.judgedAnew')}</Badge> : null}
        </span>
        <span className={styles.line}>
          <span className={styles.quiet}>
            <RelativeTime at={event.at} />
            {where.length > 0 ? ` · ${where.join(' · ')}` : ''}
          </span>
        </span>
        {event.paths && event.paths.length > 0 ? (
          <code className={styles.mono}>{event.paths.join(', ')}</code>
        ) : null}
      </div>
    </>
  );
}
