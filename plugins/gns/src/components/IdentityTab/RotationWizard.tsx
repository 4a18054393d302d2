import { useRef, useState } from 'react';
import { Alert, Button } from '@backstage/ui';
import { RiCheckLine } from '@remixicon/react';
import { useApi } from '@backstage/frontend-plugin-api';
import { usePermission } from '@backstage/plugin-permission-react';
import {
  type AuthorityRotationAction,
  gnsAuthorityRotatePermission,
  type GnsAuthority,
} from '@isthmus/plugin-gns-common';
import { gnsApiRef } from '../../api';
import { useGnsTranslation } from '../../useGnsTranslation';
import { useReturnFocus } from '../state/useReturnFocus';
import { numbersOf } from './authorityView';
import { DeedDialog } from './DeedDialog';
import { RevokeDialog } from './RevokeDialog';
import { RotationProof } from './RotationProof';
import styles from './identity.module.css';
import moves from './moves.module.css';

const STEPS = ['prepare', 'activate', 'retire'] as const;
/** Which step comes next. */
const NEXT = { idle: 0, prepared: 1, overlap: 2 } as const;

/** The way from one root to the next: what each step waits for, measured, and what may be done now. */
export function RotationWizard(props: {
  authority: GnsAuthority;
  onDone: () => void;
}) {
  const { t } = useGnsTranslation();
  const { authority, onDone } = props;
  const { rotation } = authority;
  const heading = useRef<HTMLHeadingElement>(null);
  const [asked, setAsked] = useState<AuthorityRotationAction>();
  const [revoking, setRevoking] = useState<string>();
  useReturnFocus(asked !== undefined || revoking !== undefined, heading);
  const mayRotate = usePermission({
    permission: gnsAuthorityRotatePermission,
  }).allowed;
  const next = NEXT[rotation.step];
  const words = {
    prepare: [t('rotation.prepareStep'), t('rotation.prepareStepText')],
    activate: [t('rotation.activateStep'), t('rotation.activateStepText')],
    retire: [t('rotation.retireStep'), t('rotation.retireStepText')],
  };
  const numbers = numbersOf(authority);
  const revocable = authority.roots.filter(
    root => root.state !== 'revoked' && root.state !== 'pending',
  );
  const close = (done: boolean) => {
    setAsked(undefined);
    setRevoking(undefined);
    if (done) onDone();
  };
  return (
    <section className={styles.section} aria-label={t('rotation.title')}>
      <div className={styles.head}>
        <h3 ref={heading} tabIndex={-1} className={styles.heading}>
          {t('rotation.title')}
        </h3>
      </div>
      {rotation.paused ? (
        <Alert mb="3" status="warning" icon title={t('rotation.paused')} />
      ) : (
        <p className={styles.text}>
          {rotation.automatic ? t('rotation.automatic') : t('rotation.byHand')}
        </p>
      )}
      <ol className={moves.steps} aria-label={t('rotation.steps')}>
        {STEPS.map((step, i) => {
          let state = 'later';
          if (i < next) state = 'done';
          else if (i === next) state = 'now';
          return (
            <li
              key={step}
              data-state={state}
              aria-current={state === 'now' ? 'step' : undefined}
            >
              <span className={moves.mark} aria-hidden>
                {state === 'done' ? <RiCheckLine /> : i + 1}
              </span>
              <div>
                <p className={moves.name}>
                  {words[step][0]}
                  {state === 'later' ? null : (
                    <span className={moves.quiet}>
                      {state === 'done'
                        ? t('rotation.stepDone')
                        : t('rotation.stepNow')}
                    </span>
                  )}
                </p>
                <p className={moves.quiet}>{words[step][1]}</p>
                {state === 'now' ? (
                  <>
                    <RotationProof step={step} rotation={rotation} />
                    <Refusal authority={authority} action={step} />
                  </>
                ) : null}
              </div>
            </li>
          );
        })}
      </ol>
      {mayRotate ? (
        <div className={moves.row}>
          {([STEPS[next], 'reverse', 'pause', 'resume'] as const)
            .filter(action => rotation.actions[action].state !== 'impossible')
            .map((action, i) => (
              <Button
                key={action}
                size="small"
                variant={
                  i === 0 && action === STEPS[next] ? 'primary' : 'secondary'
                }
                onPress={() => setAsked(action)}
              >
                {`${t(`rotationAct.${action}`)}…`}
              </Button>
            ))}
          {revocable.map(root => (
            <Button
              key={root.keyId}
              size="small"
              variant="secondary"
              onPress={() => setRevoking(root.keyId)}
            >
              {`${t('rotation.revoke', {
                number: String(numbers.get(root.keyId)),
              })}…`}
            </Button>
          ))}
        </div>
      ) : (
        <p className={styles.quiet}>
          {t('moves.needs', { permission: gnsAuthorityRotatePermission.name })}
        </p>
      )}
      {asked ? (
        <StepDialog authority={authority} action={asked} onClose={close} />
      ) : null}
      {revoking ? (
        <RevokeDialog
          gns={authority.gns}
          keyId={revoking}
          number={numbers.get(revoking) ?? 0}
          onClose={close}
        />
      ) : null}
    </section>
  );
}

/** Why the step cannot be taken, or not without force. */
function Refusal(props: {
  authority: GnsAuthority;
  action: AuthorityRotationAction;
}) {
  const { state, message } = props.authority.rotation.actions[props.action];
  return state === 'allowed' || !message ? null : (
    <p className={moves.quiet}>{message}</p>
  );
}

function StepDialog(props: {
  authority: GnsAuthority;
  action: AuthorityRotationAction;
  onClose: (done: boolean) => void;
}) {
  const { t } = useGnsTranslation();
  const api = useApi(gnsApiRef);
  const { authority, action, onClose } = props;
  const { gns } = authority;
  const { state, message } = authority.rotation.actions[action];
  const isFinal = action === 'retire';
  return (
    <DeedDialog
      title={t(`rotationAsk.${action}`)}
      text={t(`rotationTell.${action}`)}
      word={t(`rotationAct.${action}`)}
      unproven={state === 'unproven' ? message ?? '' : undefined}
      typed={isFinal || state === 'unproven' ? gns : undefined}
      destructive={isFinal}
      call={({ force, reason }) => ({
        method: 'POST',
        path: `/global-namespaces/${encodeURIComponent(
          gns,
        )}/authority/rotation/${action}`,
        body: { type: 'json', text: JSON.stringify({ force, reason }) },
      })}
      act={deed => api.authority.rotate(gns, action, deed)}
      onClose={onClose}
    />
  );
}
