import { Badge, Link, Text } from '@backstage/ui';
import { useRouteRef } from '@backstage/frontend-plugin-api';
import {
  type ServiceReference,
  type SloList,
  type SloSummary,
} from '@isthmus/plugin-gns-common';
import { gnsTabRouteRef, sloRouteRef } from '../../routes';
import { BudgetBar } from '../../slo/BudgetBar';
import { burnText } from '../../slo/numbers';
import { SloMark } from '../../slo/SloMark';
import { Sparkline } from '../../slo/Sparkline';
import {
  useBurningText,
  useComplianceText,
  useTrendText,
  useWindowText,
} from '../../slo/words';
import { useGnsTranslation } from '../../useGnsTranslation';
import { useElapsed, useExactTime, useLanguage } from '../state/RelativeTime';
import styles from './entitySloCard.module.css';

/** More than fit a card; the others are one click away. */
const SHOWN = 4;

/** Objectives of the services of an entity, worst first. */
export function EntitySloList(props: {
  list: SloList;
  services: readonly ServiceReference[];
}) {
  const { t } = useGnsTranslation();
  const tabLink = useRouteRef(gnsTabRouteRef);
  const { list, services } = props;
  const places = [...new Set(services.map(one => one.gns))];
  if (list.items.length === 0) {
    return (
      <div className={styles.column}>
        <Text as="p">{t('sloCard.none')}</Text>
        <Text as="p" color="secondary" variant="body-small">
          {t('sloCard.noneText')}
        </Text>
        {places.map(gns => (
          <Link key={gns} href={tabLink?.({ name: gns, tab: 'slos' }) ?? '#'}>
            {t('sloCard.all', { gns })}
          </Link>
        ))}
      </div>
    );
  }
  const hidden = list.total - Math.min(SHOWN, list.items.length);
  return (
    <div className={styles.column}>
      <ul className={styles.list}>
        {list.items.slice(0, SHOWN).map(slo => (
          <li key={`${slo.gns}/${slo.name}`}>
            <EntitySlo slo={slo} withGns={places.length > 1} />
          </li>
        ))}
      </ul>
      {hidden > 0 ? (
        <Text as="p" color="secondary" variant="body-small">
          {t('sloCard.hidden', { count: hidden })}
        </Text>
      ) : null}
      <div className={styles.line}>
        {places.map(gns => (
          <Link key={gns} href={tabLink?.({ name: gns, tab: 'slos' }) ?? '#'}>
            {t('sloCard.all', { gns })}
          </Link>
        ))}
      </div>
    </div>
  );
}

function EntitySlo(props: { slo: SloSummary; withGns: boolean }) {
  const { t } = useGnsTranslation();
  const language = useLanguage();
  const link = useRouteRef(sloRouteRef);
  const elapsed = useElapsed();
  const exact = useExactTime();
  const compliance = useComplianceText();
  const burning = useBurningText();
  const trend = useTrendText();
  const windowText = useWindowText();
  const { slo } = props;
  const said = compliance(slo);
  const burns = burning(slo);
  const [, hour] = slo.burn;
  const title = slo.title ?? slo.name;
  return (
    <article className={styles.slo} aria-label={title}>
      <div className={styles.bar}>
        <Link
          href={link?.({ name: slo.gns, slo: slo.name }) ?? '#'}
          weight="bold"
        >
          {title}
        </Link>
        <span className={styles.line}>
          {slo.alerts.map(alert => (
            <Badge key={alert.severity}>
              {t(`sloSeverity.${alert.severity}`)}
            </Badge>
          ))}
          <SloMark state={slo.state} />
        </span>
      </div>
      <div className={styles.figures}>
        <span className={styles.number}>
          <span className={styles.big}>{said.value}</span>
          <span className={styles.quiet}>
            {`${said.beside} · ${windowText(slo.window)}`}
          </span>
        </span>
        <Sparkline values={slo.trend} label={trend(slo.trend)} />
      </div>
      <BudgetBar budget={slo.budget} state={slo.state} />
      {burns ? (
        <span className={styles.burns}>
          {t('sloCard.burns', {
            burn: burnText(hour?.burn ?? null, language) ?? t('common.unknown'),
            where: burns,
          })}
        </span>
      ) : null}
      <span className={styles.quiet}>
        {[
          ...(props.withGns ? [slo.gns] : []),
          ...(slo.stateSince
            ? [t('slos.since', { duration: elapsed(slo.stateSince) })]
            : []),
        ].join(' · ')}
      </span>
      {slo.silentClusters.length > 0 ? (
        <span className={styles.quiet} title={exact(slo.evaluatedTo)}>
          {t('sloPage.silent', {
            names: new Intl.ListFormat(language).format(slo.silentClusters),
          })}
        </span>
      ) : null}
    </article>
  );
}
