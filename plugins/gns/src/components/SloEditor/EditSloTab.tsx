import { useParams } from 'react-router-dom';
import { useGnsStatus } from '../GnsPage/GnsStatusContext';
import { MissingSlo } from '../SloPage/MissingSlo';
import { LiveView, SkeletonRows } from '../state/LiveView';
import { readProblem } from '../state/readProblem';
import { SloEditFlow } from './SloEditFlow';
import { draftSubject, useEditableSlo } from './useEditableSlo';

/** Changes an objective, tried on the stored past before it is written. */
export function EditSloTab() {
  const { name: gns } = useGnsStatus();
  const { slo = '' } = useParams();
  const { live, inForce, isGone, drafts, draft } = useEditableSlo(gns, slo);
  if (live.error && !live.value && readProblem(live.error) === 'missing') {
    return <MissingSlo gns={gns} name={slo} />;
  }
  const skeleton = <SkeletonRows rows={6} height={80} />;
  return (
    <LiveView live={live} permission="gns.definition.read" skeleton={skeleton}>
      {() =>
        drafts === undefined || draft === undefined || (!inForce && !isGone) ? (
          skeleton
        ) : (
          <SloEditFlow
            key={`${gns}/${slo}`}
            gns={gns}
            subject={draftSubject(gns, slo)}
            drafts={drafts}
            draft={draft}
            base={
              inForce
                ? { generation: inForce.generation, text: inForce.text }
                : null
            }
            start={inForce?.text ?? ''}
            inForce={inForce}
            isGone={isGone}
          />
        )
      }
    </LiveView>
  );
}
