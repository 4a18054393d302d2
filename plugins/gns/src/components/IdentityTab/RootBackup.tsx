import { useRef, useState } from 'react';
import { Alert, Button } from '@backstage/ui';
import { RiDownloadLine, RiUploadLine } from '@remixicon/react';
import { useApi } from '@backstage/frontend-plugin-api';
import { usePermission } from '@backstage/plugin-permission-react';
import {
  gnsAuthorityExportPermission,
  gnsAuthorityImportPermission,
  type GnsAuthority,
} from '@isthmus/plugin-gns-common';
import { gnsApiRef } from '../../api';
import { useGnsTranslation } from '../../useGnsTranslation';
import { useExactTime } from '../state/RelativeTime';
import { useReturnFocus } from '../state/useReturnFocus';
import { DeedDialog } from './DeedDialog';
import { IdentitySection } from './IdentitySection';
import {
  MOST_BYTES,
  readBackupFiles,
  type BringProblem,
  type BroughtIn,
} from './readBackupFiles';
import { saveFile } from './saveFile';
import styles from './identity.module.css';

/** Takes the roots out, sealed, and brings lost ones or a CA of one's own in; only for those who may. */
export function RootBackup(props: {
  authority: GnsAuthority;
  onDone: () => void;
}) {
  const { t } = useGnsTranslation();
  const mayExport = usePermission({
    permission: gnsAuthorityExportPermission,
  }).allowed;
  const mayImport = usePermission({
    permission: gnsAuthorityImportPermission,
  }).allowed;
  const [taking, setTaking] = useState(false);
  const [brought, setBrought] = useState<BroughtIn>();
  const [problem, setProblem] = useState<BringProblem>();
  const [done, setDone] = useState<'taken' | 'restored' | 'prepared'>();
  const heading = useRef<HTMLDivElement>(null);
  const input = useRef<HTMLInputElement>(null);
  useReturnFocus(taking || brought !== undefined, heading);
  if (!mayExport && !mayImport) return null;
  const { authority } = props;

  const choose = async (files: FileList | null) => {
    setDone(undefined);
    const chosen = [...(files ?? [])];
    // The same file may be chosen again.
    const size = chosen.reduce((sum, file) => sum + file.size, 0);
    const read =
      size > MOST_BYTES
        ? 'tooLarge'
        : readBackupFiles(
            await Promise.all(chosen.map(file => file.text())),
            authority.gns,
          );
    if (input.current) input.current.value = '';
    if (chosen.length === 0) return;
    setProblem(typeof read === 'string' ? read : undefined);
    setBrought(typeof read === 'string' ? undefined : read);
  };

  return (
    <IdentitySection title={t('backup.title')} text={t('backup.text')}>
      <div ref={heading} tabIndex={-1} className={styles.row}>
        {mayExport ? (
          <Button
            variant="secondary"
            iconStart={<RiDownloadLine />}
            onPress={() => {
              setDone(undefined);
              setTaking(true);
            }}
          >
            {t('backup.take')}
          </Button>
        ) : null}
        {mayImport ? (
          <>
            <Button
              variant="secondary"
              iconStart={<RiUploadLine />}
              onPress={() => input.current?.click()}
            >
              {t('backup.bring')}
            </Button>
            <input
              ref={input}
              type="file"
              multiple
              hidden
              accept=".json,.pem,.crt,.key"
              aria-label={t('backup.files')}
              onChange={event => void choose(event.target.files)}
            />
          </>
        ) : null}
      </div>
      {problem ? (
        <Alert
          mt="3"
          role="alert"
          status="danger"
          icon
          title={t('backup.cannot')}
          description={t(`backupProblem.${problem}`, { gns: authority.gns })}
        />
      ) : null}
      {done ? (
        <Alert
          mt="3"
          role="status"
          status="success"
          icon
          title={t(`backup.${done}`)}
        />
      ) : null}
      {taking ? (
        <TakeDialog
          authority={authority}
          onClose={taken => {
            setTaking(false);
            if (taken) setDone('taken');
          }}
        />
      ) : null}
      {brought ? (
        <BringDialog
          authority={authority}
          brought={brought}
          onClose={isIn => {
            setBrought(undefined);
            if (!isIn) return;
            setDone(brought.type === 'backup' ? 'restored' : 'prepared');
            props.onDone();
          }}
        />
      ) : null}
    </IdentitySection>
  );
}

function pathOf(gns: string): string {
  return `/global-namespaces/${encodeURIComponent(gns)}/authority`;
}

function TakeDialog(props: {
  authority: GnsAuthority;
  onClose: (done: boolean) => void;
}) {
  const { t } = useGnsTranslation();
  const api = useApi(gnsApiRef);
  const { gns } = props.authority;
  return (
    <DeedDialog
      title={t('backup.takeTitle', { gns })}
      text={t('backup.takeText')}
      word={t('backup.takeWord')}
      call={({ reason }) => ({
        method: 'POST',
        path: `${pathOf(gns)}/export`,
        body: { type: 'json', text: JSON.stringify({ reason }) },
      })}
      act={async ({ reason }) => {
        const backup = await api.authority.exportBackup(gns, { reason });
        saveFile(
          `${gns}-authority-backup.json`,
          'application/json',
          `${JSON.stringify(backup, null, 2)}\n`,
        );
      }}
      onClose={props.onClose}
    />
  );
}

function BringDialog(props: {
  authority: GnsAuthority;
  brought: BroughtIn;
  onClose: (done: boolean) => void;
}) {
  const { t } = useGnsTranslation();
  const api = useApi(gnsApiRef);
  const exact = useExactTime();
  const { brought } = props;
  const { gns } = props.authority;
  const isBackup = brought.type === 'backup';
  const text = isBackup
    ? t('backup.restoreText', {
        count: brought.backup.roots.length,
        at: exact(brought.backup.exportedAt),
      })
    : t('backup.rootText');
  return (
    <DeedDialog
      title={
        isBackup
          ? t('backup.restoreTitle', { gns })
          : t('backup.rootTitle', { gns })
      }
      text={text}
      word={isBackup ? t('backup.restoreWord') : t('backup.rootWord')}
      typed={gns}
      call={({ reason }) => ({
        method: 'POST',
        path: `${pathOf(gns)}/import`,
        body: {
          type: 'json',
          // A key is never shown.
          text: JSON.stringify(
            isBackup
              ? { type: 'backup', backup: '…', reason }
              : { type: 'root', certificate: '…', privateKey: '…', reason },
          ),
        },
      })}
      act={({ reason }) =>
        api.authority.importRoots(gns, { ...brought, reason })
      }
      onClose={props.onClose}
    />
  );
}
