import { useState } from 'react';
import { Button } from '@backstage/ui';
import {
  RiArrowUpLine,
  RiKey2Line,
  RiServerLine,
  RiShieldKeyholeLine,
} from '@remixicon/react';
import {
  type AuthorityCluster,
  type AuthorityRoot,
  type GnsAuthority,
} from '@isthmus/plugin-gns-common';
import { useGnsTranslation } from '../../useGnsTranslation';
import { FreshnessMark } from '../state/FreshnessChip';
import { RelativeTime, useAge } from '../state/RelativeTime';
import { useNow } from './useNow';
import {
  chainOf,
  type IssuerNode,
  lateAt,
  type RootNode,
  shortId,
} from './authorityView';
import { RootDialog } from './RootDialog';
import { IdentitySection } from './IdentitySection';
import styles from './chain.module.css';

/** More than these fold away. */
const MOST_ISSUERS = 12;

/**
 * Roots, their issuers and the live certificates below, as a tree of nested
 * lists: the picture and what is read out are the same.
 */
export function ChainPicture(props: { authority: GnsAuthority }) {
  const { t } = useGnsTranslation();
  const { roots, revoked, without } = chainOf(props.authority);
  const [shown, setShown] = useState<{ root: AuthorityRoot; number: number }>();
  return (
    <IdentitySection title={t('identity.chain')} text={t('identity.chainText')}>
      <ul className={styles.chain}>
        {roots.map((node, i) => (
          <li key={node.root.keyId}>
            <RootBranch node={node} onShow={() => setShown(node)} />
            <Vouching node={node} last={i === roots.length - 1} />
          </li>
        ))}
      </ul>
      {without.length > 0 || revoked.length > 0 ? (
        <div className={styles.foot}>
          {without.length > 0 ? <Without clusters={without} /> : null}
          {revoked.length > 0 ? (
            <div className={styles.quiet}>
              {t('identity.revoked')}
              {': '}
              {revoked
                .map(({ root, number }) =>
                  [
                    t('identity.root', { number: String(number) }),
                    shortId(root.keyId),
                  ].join(' '),
                )
                .join(', ')}
            </div>
          ) : null}
        </div>
      ) : null}
      {shown ? (
        <RootDialog
          root={shown.root}
          number={shown.number}
          onClose={() => setShown(undefined)}
        />
      ) : null}
    </IdentitySection>
  );
}

function RootBranch(props: { node: RootNode; onShow: () => void }) {
  const { t } = useGnsTranslation();
  const [all, setAll] = useState(false);
  const { node } = props;
  const issuers = all ? node.issuers : node.issuers.slice(0, MOST_ISSUERS);
  const folded = node.issuers.length - MOST_ISSUERS;
  return (
    <div className={styles.root}>
      <RootCard node={node} onShow={props.onShow} />
      {issuers.length === 0 ? (
        <span className={styles.alone}>{t('identity.noIssuers')}</span>
      ) : (
        <ul className={styles.issuers}>
          {issuers.map(one => (
            <li key={one.issuer.serial}>
              <IssuerCard node={one} />
            </li>
          ))}
          {folded > 0 ? (
            <li>
              <Button
                size="small"
                variant="tertiary"
                onPress={() => setAll(!all)}
              >
                {all
                  ? t('identity.fewer')
                  : t('identity.more', { count: folded })}
              </Button>
            </li>
          ) : null}
        </ul>
      )}
    </div>
  );
}

function RootCard(props: { node: RootNode; onShow: () => void }) {
  const { t } = useGnsTranslation();
  const age = useAge();
  const { root, number } = props.node;
  return (
    <button
      type="button"
      className={styles.card}
      data-state={root.state}
      aria-haspopup="dialog"
      onClick={props.onShow}
    >
      <span className={styles.name}>
        <RiShieldKeyholeLine aria-hidden />
        {t('identity.root', { number: String(number) })}
        <span className={styles.mono}>{shortId(root.keyId)}</span>
      </span>
      <span>
        {t('identity.rootSince', {
          state: t(`identityRoot.${root.state}`),
          age: age(root.stateSince),
        })}
      </span>
      <span className={styles.quiet}>
        {root.certificate
          ? t('identity.rootEnds', { age: age(root.certificate.notAfter) })
          : t('identity.rootPending')}
      </span>
      <span className={styles.quiet}>
        {t('identity.pods', { count: root.pods })}
      </span>
    </button>
  );
}

function IssuerCard(props: { node: IssuerNode }) {
  const { t } = useGnsTranslation();
  const { cluster, issuer, former } = props.node;
  return (
    <div
      className={`${styles.card} ${styles.issuer}`}
      data-former={former}
      data-state={useLifeState(issuer)}
    >
      <div>
        <span className={styles.name}>
          <RiServerLine aria-hidden />
          {cluster.cluster}
          {former ? (
            <span className={styles.quiet}>{t('identity.issuerFormer')}</span>
          ) : (
            <span className={styles.quiet}>
              <FreshnessMark
                state={cluster.coverage.state}
                dataAt={cluster.coverage.dataAt}
              />
            </span>
          )}
        </span>
        <span className={styles.quiet}>
          {t('identity.issuer', { id: shortId(issuer.keyId) })}
          {' · '}
          <RelativeTime at={issuer.notAfter} />
        </span>
      </div>
      {former ? null : <Leaves cluster={cluster} />}
    </div>
  );
}

function useLifeState(issuer: IssuerNode['issuer']): string {
  const now = useNow();
  if (Date.parse(issuer.notAfter) <= now) return 'over';
  return Date.parse(lateAt(issuer)) <= now ? 'late' : 'active';
}

function Leaves(props: { cluster: AuthorityCluster }) {
  const { t } = useGnsTranslation();
  const { own, unknown, mesh, awaitingRestart } = props.cluster.pods;
  return (
    <div className={styles.leaves}>
      <span className={styles.count}>{t('identity.pods', { count: own })}</span>
      {mesh > 0 ? (
        <span className={styles.quiet}>
          {t('identity.podsMesh', { count: mesh })}
        </span>
      ) : null}
      {unknown > 0 ? (
        <span className={styles.quiet}>
          {t('identity.podsUnknown', { count: unknown })}
        </span>
      ) : null}
      {awaitingRestart > 0 ? (
        <span className={styles.quiet}>
          {t('identity.podsWaiting', { count: awaitingRestart })}
        </span>
      ) : null}
    </div>
  );
}

/** Below a root: which older one vouches for it. */
function Vouching(props: { node: RootNode; last: boolean }) {
  const { t } = useGnsTranslation();
  const age = useAge();
  const { vouchedBy } = props.node;
  if (vouchedBy.length === 0) {
    return props.last ? null : <div className={styles.gap} />;
  }
  return (
    <>
      {vouchedBy.map(({ number, notAfter }) => (
        <div key={number} className={styles.vouch}>
          <RiArrowUpLine aria-hidden />
          {t('identity.vouches', { root: String(number), age: age(notAfter) })}
        </div>
      ))}
    </>
  );
}

function Without(props: { clusters: readonly AuthorityCluster[] }) {
  const { t } = useGnsTranslation();
  return (
    <div>
      <span className={styles.name}>
        <RiKey2Line aria-hidden />
        {t('identity.without')}
      </span>
      <span className={styles.quiet}>{t('identity.withoutText')}</span>
      <ul className={styles.chain}>
        {props.clusters.map(one => (
          <li key={one.cluster} className={styles.name}>
            {one.cluster}
            <span className={styles.quiet}>
              <FreshnessMark
                state={one.coverage.state}
                dataAt={one.coverage.dataAt}
              />
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
