import { SkeletonRows, LiveView } from '../state/LiveView';
import { useGnsStatus } from '../GnsPage/GnsStatusContext';
import { EditFlow } from './EditFlow';
import { useEditable } from './useEditable';

/** Changes one global namespace: form beside YAML, review, rollout. */
export function EditTab() {
  const { name } = useGnsStatus();
  const { live, inForce, isGone, drafts, draft } = useEditable(name);
  const skeleton = <SkeletonRows rows={6} height={80} />;
  return (
    <LiveView live={live} permission="gns.definition.read" skeleton={skeleton}>
      {() =>
        drafts === undefined || draft === undefined || (!inForce && !isGone) ? (
          skeleton
        ) : (
          <EditFlow
            key={name}
            subject={`GlobalNamespace:${name}`}
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
