import { useState } from 'react';
import { Navigate } from 'react-router-dom';
import { Alert, Button } from '@backstage/ui';
import { useRouteRef } from '@backstage/frontend-plugin-api';
import { type Problem } from '@isthmus/plugin-gns-common';
import { type Draft, type Drafts } from '../../editing/drafts';
import { valueAt } from '../../editing/same';
import { type Base, useDefinitionText } from '../../editing/useDefinitionText';
import { sloRouteRef } from '../../routes';
import { useGnsTranslation } from '../../useGnsTranslation';
import { MeetingEdits } from '../DefinitionEditor/MeetingEdits';
import { type InForce, inForceOf } from '../DefinitionEditor/useEditable';
import { useAge } from '../state/RelativeTime';
import { SloEditor } from './SloEditor';
import { SloReview } from './SloReview';

const NONE: Problem[] = [];

/** From writing an objective over what it would have said of the past to its being in force. */
export function SloEditFlow(props: {
  gns: string;
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
  const sloLink = useRouteRef(sloRouteRef);
  const { draft, gns } = props;
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
  const [written, setWritten] = useState<string>();
  if (written !== undefined) {
    return (
      <Navigate to={sloLink?.({ name: gns, slo: written }) ?? '/gns'} replace />
    );
  }
  const name = String(valueAt(definition.written, ['metadata', 'name']) ?? '');
  return (
    <>
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
        <SloEditor
          gns={gns}
          name={name}
          definition={definition}
          foundByHub={found?.text === definition.text ? found.problems : NONE}
          onReview={() => setStep('review')}
        />
      ) : (
        <SloReview
          name={name}
          definition={definition}
          onBack={() => setStep('edit')}
          onLost={current =>
            setMet({ current: current ? inForceOf(current) : undefined })
          }
          onProblems={problems => setFound({ text: definition.text, problems })}
          onWritten={() => {
            definition.forget();
            setWritten(name);
          }}
        />
      )}
    </>
  );
}
