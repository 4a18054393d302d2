import { useState } from 'react';
import { Navigate } from 'react-router-dom';
import { Alert, Button } from '@backstage/ui';
import { useRouteRef } from '@backstage/frontend-plugin-api';
import { type Problem, type Rollout } from '@isthmus/plugin-gns-common';
import { type Draft, type Drafts } from '../../editing/drafts';
import { isRecord, valueAt } from '../../editing/same';
import { type Base, useDefinitionText } from '../../editing/useDefinitionText';
import { rolloutRouteRef } from '../../routes';
import { useGnsTranslation } from '../../useGnsTranslation';
import { ReviewChange } from '../ReviewChange/ReviewChange';
import { useAge } from '../state/RelativeTime';
import { DefinitionEditor } from './DefinitionEditor';
import { MeetingEdits } from './MeetingEdits';
import { Steps } from './Steps';
import { type InForce, inForceOf } from './useEditable';

const NONE: Problem[] = [];

/** From writing over the review to the rollout; the text outlives each step. */
export function EditFlow(props: {
  /** Key of the draft. */
  subject: string;
  drafts: Drafts;
  draft: Draft | null;
  /** What it begins from; null: it creates. */
  base: Base | null;
  start: string;
  /** Newest of that name; undefined: none is in force. */
  inForce?: InForce;
  isGone: boolean;
}) {
  const { t } = useGnsTranslation();
  const age = useAge();
  const rolloutLink = useRouteRef(rolloutRouteRef);
  const { draft } = props;
  const [met, setMet] = useState<{ current: InForce | undefined }>();
  // A write that lost knows before the page reads again what it lost to.
  const isNewer =
    met !== undefined &&
    (met.current?.generation ?? 0) > (props.inForce?.generation ?? 0);
  const inForce = isNewer ? met.current : props.inForce;
  const isGone =
    props.isGone || (met !== undefined && met.current === undefined);
  const definition = useDefinitionText({
    subject: props.subject,
    drafts: props.drafts,
    draft: draft ?? undefined,
    base: props.base,
    start: props.start,
  });
  const [step, setStep] = useState<'edit' | 'review'>('edit');
  const [restored, setRestored] = useState(draft !== null);
  const [found, setFound] = useState<{ text: string; problems: Problem[] }>();
  const [begun, setBegun] = useState<Rollout>();
  if (begun) {
    return (
      <Navigate to={rolloutLink?.({ rollout: begun.id }) ?? '/gns'} replace />
    );
  }
  const { written, text } = definition;
  const name = isRecord(written)
    ? String(valueAt(written, ['metadata', 'name']) ?? '')
    : '';
  return (
    <>
      <Steps at={step} />
      <MeetingEdits
        name={name}
        definition={definition}
        inForce={inForce}
        isGone={isGone}
      />
      {restored && draft && step === 'edit' ? (
        <Alert
          mb="4"
          status="info"
          icon
          title={t('editing.draftRestored', { age: age(draft.savedAt) })}
          description={t('editing.draftRestoredText')}
          customActions={
            <Button
              size="small"
              variant="secondary"
              onPress={() => {
                setRestored(false);
                definition.rebase(
                  inForce
                    ? { generation: inForce.generation, text: inForce.text }
                    : null,
                  inForce?.text ?? props.start,
                );
              }}
            >
              {t('editing.draftDiscard')}
            </Button>
          }
        />
      ) : null}
      {step === 'edit' ? (
        <DefinitionEditor
          name={name}
          definition={definition}
          foundByHub={found?.text === text ? found.problems : NONE}
          onReview={() => setStep('review')}
        />
      ) : (
        <ReviewChange
          change={{
            type: 'write',
            name,
            definition: written,
            text,
            base: definition.base,
          }}
          backLabel={t('review.back')}
          onBack={() => setStep('edit')}
          onLost={current =>
            setMet({ current: current ? inForceOf(current) : undefined })
          }
          onProblems={problems => setFound({ text, problems })}
          onBegun={rollout => {
            definition.forget();
            setBegun(rollout);
          }}
        />
      )}
    </>
  );
}
