import { Alert, Button, ButtonLink } from '@backstage/ui';
import { useRouteRef } from '@backstage/frontend-plugin-api';
import { conflictOfError, problemsOfError } from '@isthmus/plugin-gns-common';
import { rolloutRouteRef } from '../../routes';
import { useGnsTranslation } from '../../useGnsTranslation';

/** Why a change did not come into force, and where to go on. */
export function LostWrite(props: {
  error: Error;
  name: string;
  /** It was to create one. */
  creates: boolean;
  onBack: () => void;
}) {
  const { t } = useGnsTranslation();
  const rolloutLink = useRouteRef(rolloutRouteRef);
  const conflict = conflictOfError(props.error);
  if (conflict?.type === 'rollout') {
    return (
      <Alert
        role="alert"
        status="warning"
        icon
        title={t('review.busy', { name: props.name })}
        description={conflict.rollout.text}
        customActions={
          <ButtonLink
            size="small"
            variant="secondary"
            href={rolloutLink?.({ rollout: conflict.rollout.id }) ?? '#'}
          >
            {t('review.busyLink')}
          </ButtonLink>
        }
      />
    );
  }
  if (conflict?.type === 'plan') {
    return (
      <Alert role="alert" status="warning" icon title={t('review.planOld')} />
    );
  }
  if (conflict?.type === 'generation') {
    const actor = conflict.writes[0]?.actor ?? t('common.unknown');
    let title: string = t('review.lost', { actor });
    if (conflict.current === null) title = t('review.lostDeleted');
    else if (props.creates) title = t('review.lostExists');
    return (
      <Alert
        role="alert"
        status="warning"
        icon
        title={title}
        description={conflict.writes[0]?.message}
        customActions={
          <Button size="small" variant="secondary" onPress={props.onBack}>
            {t('review.lostLink')}
          </Button>
        }
      />
    );
  }
  const problems = problemsOfError(props.error);
  return (
    <Alert
      role="alert"
      status="danger"
      icon
      title={t('review.failedApply')}
      description={
        problems.length > 0
          ? problems.map(one => `${one.message} ${one.remedy}`).join(' ')
          : props.error.message
      }
    />
  );
}
