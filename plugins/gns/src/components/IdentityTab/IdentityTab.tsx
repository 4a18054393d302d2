import { Alert, ButtonLink } from '@backstage/ui';
import { useRouteRef } from '@backstage/frontend-plugin-api';
import { usePermission } from '@backstage/plugin-permission-react';
import {
  gnsDefinitionUpdatePermission,
  type GnsAuthority,
} from '@isthmus/plugin-gns-common';
import { SameOverRest } from '../../code/SameOverRest';
import { type Live } from '../../live/useLive';
import { editRouteRef } from '../../routes';
import { useGnsTranslation } from '../../useGnsTranslation';
import { ConditionList } from '../GnsPage/ConditionList';
import { useGnsStatus } from '../GnsPage/GnsStatusContext';
import { openConditions } from '../GnsPage/sortConditions';
import { EmptyView } from '../state/EmptyView';
import { LiveView, SkeletonRows } from '../state/LiveView';
import { Updated } from '../state/Updated';
import { ChainPicture } from './ChainPicture';
import { IssuanceLog } from './IssuanceLog';
import { LifeTimes } from './LifeTimes';
import { RootBackup } from './RootBackup';
import { RotationWizard } from './RotationWizard';
import { Soon } from './Soon';
import { TransitionPanel } from './TransitionPanel';
import { TrustBundle } from './TrustBundle';
import { useAuthority } from './useAuthority';
import styles from './identity.module.css';

/** The certificate authority of a global namespace. */
export function IdentityTab() {
  const { name } = useGnsStatus();
  const live = useAuthority(name);
  return (
    <LiveView
      live={live}
      permission="gns.authority.read"
      skeleton={<SkeletonRows rows={5} height={72} />}
    >
      {authority =>
        authority === null ? (
          <NoAuthority />
        ) : (
          <Authority authority={authority} live={live} />
        )
      }
    </LiveView>
  );
}

/** Certificates come from the mesh: what that means, and what would be otherwise. */
function NoAuthority() {
  const { t } = useGnsTranslation();
  const { name, authority } = useGnsStatus();
  const edit = useRouteRef(editRouteRef);
  const { allowed } = usePermission({
    permission: gnsDefinitionUpdatePermission,
    resourceRef: `GlobalNamespace:${name}`,
  });
  if (authority.mode === 'dedicated') {
    return (
      <EmptyView title={t('identity.making')} text={t('identity.makingText')} />
    );
  }
  return (
    <EmptyView
      title={t('identity.none')}
      text={t('identity.noneText')}
      action={
        <>
          <h3 className={styles.subheading}>{t('identity.gives')}</h3>
          <ul className={styles.bullets}>
            <li>{t('identity.givesRoot')}</li>
            <li>{t('identity.givesIssuers')}</li>
            <li>{t('identity.givesRotation')}</li>
          </ul>
          <h3 className={styles.subheading}>{t('identity.costs')}</h3>
          <ul className={styles.bullets}>
            <li>{t('identity.costsRestart')}</li>
            <li>{t('identity.costsCallers')}</li>
          </ul>
          {allowed ? (
            <ButtonLink href={edit?.({ name }) ?? '#'}>
              {t('identity.switch')}
            </ButtonLink>
          ) : null}
        </>
      }
    />
  );
}

function Authority(props: {
  authority: GnsAuthority;
  live: Live<GnsAuthority | null>;
}) {
  const { t } = useGnsTranslation();
  const { authority, live } = props;
  const { gns } = authority;
  // What moves comes before what rests.
  const transition = (
    <TransitionPanel authority={authority} onDone={live.reload} />
  );
  const path = `/global-namespaces/${encodeURIComponent(gns)}/authority`;
  return (
    <div className={styles.page}>
      <div>
        <Standing authority={authority} />
        {openConditions(authority.conditions).length > 0 ? (
          <ConditionList conditions={authority.conditions} />
        ) : null}
        <div className={styles.row}>
          <span className={styles.end}>
            <Updated live={live} />
          </span>
        </div>
        <ChainPicture authority={authority} />
      </div>
      <LifeTimes authority={authority} />
      <Soon authority={authority} />
      {authority.transition.state === 'settled' ? null : transition}
      <RotationWizard authority={authority} onDone={live.reload} />
      {authority.transition.state === 'settled' ? transition : null}
      <IssuanceLog authority={authority} />
      <TrustBundle authority={authority} />
      <RootBackup authority={authority} onDone={live.reload} />
      <SameOverRest
        calls={[
          { title: t('identity.restRead'), method: 'GET', path },
          {
            title: t('identity.restBundle'),
            method: 'GET',
            path: `${path}/bundle`,
            headers: { Accept: 'application/x-pem-file' },
          },
          {
            title: t('identity.restLog'),
            method: 'GET',
            path: `${path}/issuances?search=web&state=valid`,
          },
        ]}
      />
    </div>
  );
}

/** What is to be known before all else. */
function Standing(props: { authority: GnsAuthority }) {
  const { t } = useGnsTranslation();
  const { availability, mode } = props.authority;
  return (
    <>
      {availability.state === 'unavailable' ? (
        <Alert
          mb="4"
          status="danger"
          icon
          role="alert"
          title={t('identity.unavailable')}
          description={
            <>
              <div>{availability.message}</div>
              <div>{t('identity.unavailableText')}</div>
            </>
          }
        />
      ) : null}
      {mode === 'dedicated' ? null : (
        <Alert
          mb="4"
          status="info"
          icon
          title={mode === 'mesh' ? t('identity.leaving') : t('identity.orphan')}
        />
      )}
    </>
  );
}
