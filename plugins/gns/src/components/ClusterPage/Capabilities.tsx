import {
  RiCheckLine,
  RiCloseLine,
  RiQuestionLine,
  RiSubtractLine,
} from '@remixicon/react';
import { type Cluster } from '@isthmus/plugin-gns-common';
import { useGnsTranslation } from '../../useGnsTranslation';
import styles from '../GnsPage/GnsPage.module.css';
import badges from '../state/badges.module.css';
import { capabilitiesOf } from './capabilitiesOf';

const LOOKS = {
  yes: [RiCheckLine, badges.good],
  part: [RiSubtractLine, badges.warn],
  no: [RiCloseLine, badges.bad],
  unknown: [RiQuestionLine, badges.quiet],
} as const;

/** What the cluster can do for global namespaces, as its last report says. */
export function Capabilities(props: {
  cluster: Cluster;
  clusters: readonly Cluster[];
}) {
  const { t } = useGnsTranslation();
  return (
    <ul className={styles.list}>
      {capabilitiesOf(props.cluster, props.clusters).map(one => {
        const [Icon, tone] = LOOKS[one.state];
        return (
          <li key={one.name} className={styles.line}>
            <span className={`${badges.mark} ${tone}`}>
              <Icon role="img" aria-label={t(`cluster.can_${one.state}`)} />
              {t(`cluster.can_${one.name}`)}
            </span>
            {one.count && one.count.of > 0 ? (
              <span className={styles.quiet}>
                {t('cluster.ofOthers', {
                  good: String(one.count.good),
                  of: String(one.count.of),
                })}
              </span>
            ) : null}
          </li>
        );
      })}
    </ul>
  );
}
