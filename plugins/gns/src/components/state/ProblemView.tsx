import { Alert, Button } from '@backstage/ui';
import { useGnsTranslation } from '../../useGnsTranslation';
import { readProblem } from './readProblem';

/** A read failed and there is nothing older to show: why, and what to do. */
export function ProblemView(props: {
  error: Error;
  onRetry: () => void;
  /** The permission that the read asks for. */
  permission: string;
}) {
  const { t } = useGnsTranslation();
  const problem = readProblem(props.error);
  if (problem === 'denied') {
    return (
      <Alert
        status="warning"
        icon
        title={t('state.deniedTitle')}
        description={t('state.deniedText', { permission: props.permission })}
      />
    );
  }
  const mismatch = problem === 'mismatch';
  return (
    <Alert
      status="danger"
      icon
      role="alert"
      title={mismatch ? t('state.mismatchTitle') : t('state.failedTitle')}
      description={
        <>
          {mismatch ? t('state.mismatchText') : t('state.failedText')}
          {mismatch ? null : <div>{props.error.message}</div>}
        </>
      }
      customActions={
        <Button size="small" variant="secondary" onPress={props.onRetry}>
          {t('common.retry')}
        </Button>
      }
    />
  );
}
