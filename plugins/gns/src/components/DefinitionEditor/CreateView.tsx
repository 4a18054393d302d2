import { useState } from 'react';
import { Alert, Text } from '@backstage/ui';
import { usePermission } from '@backstage/plugin-permission-react';
import { gnsDefinitionCreatePermission } from '@isthmus/plugin-gns-common';
import { useDrafts } from '../../editing/useDrafts';
import { useGnsTranslation } from '../../useGnsTranslation';
import { emptyDefinition } from '../ReviewChange/change';
import { HubBanner } from '../state/HubBanner';
import { SkeletonRows } from '../state/LiveView';
import { EditFlow } from './EditFlow';
import { useDraft } from './useEditable';

const SUBJECT = 'GlobalNamespace:';

/** A new global namespace: form beside YAML, review, rollout. */
export function CreateView() {
  const { t } = useGnsTranslation();
  const drafts = useDrafts();
  const draft = useDraft(drafts, SUBJECT);
  const { allowed, loading } = usePermission({
    permission: gnsDefinitionCreatePermission,
  });
  const [start] = useState(emptyDefinition);
  return (
    <>
      <HubBanner />
      <Text as="h2" variant="title-medium" weight="bold">
        {t('editing.createTitle')}
      </Text>
      {!allowed && !loading ? (
        <Alert
          mb="4"
          status="warning"
          icon
          title={t('state.deniedTitle')}
          description={t('state.deniedText', {
            permission: gnsDefinitionCreatePermission.name,
          })}
        />
      ) : null}
      {drafts === undefined || draft === undefined ? (
        <SkeletonRows rows={6} height={80} />
      ) : (
        <EditFlow
          subject={SUBJECT}
          drafts={drafts}
          draft={draft}
          base={null}
          start={start}
          isGone={false}
        />
      )}
    </>
  );
}
