import { useApi } from '@backstage/frontend-plugin-api';
import { type RevocationPreview } from '@isthmus/plugin-gns-common';
import { gnsApiRef } from '../../api';
import { useLive } from '../../live/useLive';
import { useGnsTranslation } from '../../useGnsTranslation';
import { DataTable } from '../state/DataTable';
import { LiveView, SkeletonRows } from '../state/LiveView';
import { useLanguage } from '../state/RelativeTime';
import { DeedDialog } from './DeedDialog';
import moves from './moves.module.css';

/** Emergency: shows what breaks, and revokes exactly what was shown. */
export function RevokeDialog(props: {
  gns: string;
  keyId: string;
  number: number;
  onClose: (done: boolean) => void;
}) {
  const { t } = useGnsTranslation();
  const api = useApi(gnsApiRef);
  const { gns, keyId } = props;
  const preview = useLive(
    `revocation/${gns}/${keyId}`,
    (client, signal) => client.authority.previewRevocation(gns, keyId, signal),
    { topics: ['authorities'], gns },
  );
  const hash = preview.value?.hash ?? '';
  const path = `/global-namespaces/${encodeURIComponent(
    gns,
  )}/authority/roots/${keyId}/revoke`;
  return (
    <DeedDialog
      title={t('rotation.revokeTitle', { number: String(props.number) })}
      text={t('rotation.revokeText')}
      word={t('rotation.revokeDo')}
      typed={gns}
      needsReason
      destructive
      disabled={!preview.value?.possible}
      call={({ reason }) => ({
        method: 'POST',
        path,
        body: { type: 'json', text: JSON.stringify({ hash, reason }) },
      })}
      act={({ reason }) => api.authority.revoke(gns, keyId, { hash, reason })}
      onClose={props.onClose}
      onRefused={preview.reload}
    >
      <LiveView
        live={preview}
        permission="gns.authority.read"
        skeleton={<SkeletonRows rows={3} height={24} />}
      >
        {value => <Breaks preview={value} />}
      </LiveView>
    </DeedDialog>
  );
}

function Breaks(props: { preview: RevocationPreview }) {
  const { t } = useGnsTranslation();
  const language = useLanguage();
  const { text, breaks, issuerClusters, silentClusters } = props.preview;
  const names = (list: string[]) => new Intl.ListFormat(language).format(list);
  return (
    <section aria-label={t('rotation.breaks')}>
      <p>{text}</p>
      {breaks.length === 0 ? (
        <p className={moves.quiet}>{t('rotation.breaksNothing')}</p>
      ) : (
        <DataTable
          label={t('rotation.breaksPods')}
          rows={breaks}
          rowKey={one => `${one.cluster}/${one.namespace}/${one.workload}`}
          columns={[
            {
              id: 'workload',
              label: t('rotation.workload'),
              cell: one => `${one.namespace}/${one.workload}`,
            },
            {
              id: 'cluster',
              label: t('rotation.cluster'),
              cell: one => one.cluster,
            },
            { id: 'pods', label: t('rotation.pods'), cell: one => one.pods },
          ]}
        />
      )}
      {issuerClusters.length > 0 ? (
        <p className={moves.quiet}>
          {t('rotation.breaksIssuers', { names: names(issuerClusters) })}
        </p>
      ) : null}
      {silentClusters.length > 0 ? (
        <p className={moves.quiet}>
          {t('rotation.breaksSilent', { names: names(silentClusters) })}
        </p>
      ) : null}
    </section>
  );
}
