import { useState } from 'react';
import {
  Alert,
  Button,
  Checkbox,
  Dialog,
  DialogBody,
  DialogFooter,
  DialogHeader,
  Text,
} from '@backstage/ui';
import { useApi } from '@backstage/frontend-plugin-api';
import { type Cluster } from '@isthmus/plugin-gns-common';
import { type GnsApi, gnsApiRef } from '../../api';
import { type RestCall } from '../../code/curl';
import { SameOverRest } from '../../code/SameOverRest';
import { useGnsTranslation } from '../../useGnsTranslation';
import { type ClusterDeed, isGrave } from './clusterActions';
import { Cost, useCost } from './Cost';

function carryOut(
  api: GnsApi,
  name: string,
  deed: ClusterDeed,
  plan: string | undefined,
): Promise<void> {
  switch (deed) {
    case 'pause':
    case 'resume':
      return api.setPaused({ cluster: name }, deed === 'pause');
    case 'drain':
    case 'undrain':
      return api.setDrained(name, deed === 'drain', { plan });
    case 'forget':
      return api.deleteCluster(name, { force: true });
    default:
      return api.deleteCluster(name, { plan });
  }
}

/** The same as a call of REST. */
function restCall(
  name: string,
  deed: ClusterDeed,
  plan: string | undefined,
): RestCall {
  const path = `/clusters/${encodeURIComponent(name)}`;
  const headers = plan ? { 'Gns-Plan': plan } : undefined;
  switch (deed) {
    case 'forget':
      return { method: 'DELETE', path: `${path}?force=true` };
    case 'disconnect':
      return { method: 'DELETE', path, headers };
    case 'pause':
    case 'resume':
      return { method: 'POST', path: `${path}/${deed}` };
    default:
      return { method: 'POST', path: `${path}/${deed}`, headers };
  }
}

/** Says what a deed costs before it is done; grave ones ask for a tick. */
export function ClusterDeedDialog(props: {
  cluster: Cluster;
  deed: ClusterDeed;
  /** @param done - it was carried out: read again */
  onClose: (done: boolean) => void;
}) {
  const { t } = useGnsTranslation();
  const api = useApi(gnsApiRef);
  const [busy, setBusy] = useState(false);
  const [sure, setSure] = useState(false);
  const [error, setError] = useState<Error>();
  const { cluster, deed, onClose } = props;
  const cost = useCost(cluster.name, deed);
  const plan = cost.value?.hash;
  const word = t(`cluster.${deed}`);
  const act = () => {
    setBusy(true);
    setError(undefined);
    carryOut(api, cluster.name, deed, plan).then(
      () => onClose(true),
      (cause: unknown) => {
        setBusy(false);
        setError(cause instanceof Error ? cause : new Error(String(cause)));
        // A 409 says that the cost is another one by now.
        cost.reload();
      },
    );
  };
  return (
    <Dialog isOpen onOpenChange={open => !open && onClose(false)} width={640}>
      <DialogHeader>
        {t(`cluster.${deed}Title`, { name: cluster.title ?? cluster.name })}
      </DialogHeader>
      <DialogBody>
        <Text as="p">{t(`cluster.${deed}Text`)}</Text>
        {deed === 'forget' ? null : <Cost cost={cost} />}
        {isGrave(deed) ? (
          <Checkbox isSelected={sure} onChange={setSure}>
            {t(`cluster.${deed}Sure`)}
          </Checkbox>
        ) : null}
        {error ? (
          <Alert
            mt="3"
            role="alert"
            status="danger"
            icon
            title={t('cluster.failed')}
            description={error.message}
          />
        ) : null}
        <SameOverRest
          calls={[{ title: word, ...restCall(cluster.name, deed, plan) }]}
        />
      </DialogBody>
      <DialogFooter>
        <Button
          onPress={act}
          isPending={busy}
          isDisabled={isGrave(deed) && !sure}
          destructive={isGrave(deed)}
        >
          {word}
        </Button>
        <Button variant="secondary" onPress={() => onClose(false)}>
          {t('review.cancel')}
        </Button>
      </DialogFooter>
    </Dialog>
  );
}
