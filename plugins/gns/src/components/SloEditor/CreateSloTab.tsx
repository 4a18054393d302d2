import { useState } from 'react';
import { useSearchParams } from 'react-router-dom';
import { Alert, Text } from '@backstage/ui';
import { usePermission } from '@backstage/plugin-permission-react';
import {
  formatYaml,
  gnsDefinitionCreatePermission,
  sloFromTemplate,
} from '@isthmus/plugin-gns-common';
import { useDrafts } from '../../editing/useDrafts';
import { useGnsTranslation } from '../../useGnsTranslation';
import { useDraft } from '../DefinitionEditor/useEditable';
import { useGnsStatus } from '../GnsPage/GnsStatusContext';
import { SkeletonRows } from '../state/LiveView';
import { SloEditFlow } from './SloEditFlow';
import { draftSubject } from './useEditableSlo';

/** A new objective of a global namespace: from a template, tried on the stored past. */
export function CreateSloTab() {
  const { name: gns } = useGnsStatus();
  const { t } = useGnsTranslation();
  const [query] = useSearchParams();
  const drafts = useDrafts();
  const subject = draftSubject(gns);
  const draft = useDraft(drafts, subject);
  const { allowed, loading } = usePermission({
    permission: gnsDefinitionCreatePermission,
  });
  const [start] = useState(() => {
    const service = query.get('service');
    return formatYaml(
      sloFromTemplate('webApi', {
        gns,
        name: service ?? '',
        services: service ? [service] : [],
      }),
    );
  });
  return (
    <>
      <Text as="h2" variant="title-medium" weight="bold">
        {t('sloEdit.createTitle')}
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
        <SloEditFlow
          gns={gns}
          subject={subject}
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
