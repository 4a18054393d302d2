import {
  Button,
  Dialog,
  DialogBody,
  DialogFooter,
  DialogHeader,
} from '@backstage/ui';
import { type AuthorityRoot } from '@isthmus/plugin-gns-common';
import { CodeBlock } from '../../code/CodeBlock';
import { useGnsTranslation } from '../../useGnsTranslation';
import { useExactTime } from '../state/RelativeTime';
import styles from './identity.module.css';

/** All that is known of a root: its certificate, its origin, where its key is. */
export function RootDialog(props: {
  root: AuthorityRoot;
  number: number;
  onClose: () => void;
}) {
  const { t } = useGnsTranslation();
  const exact = useExactTime();
  const { root, onClose } = props;
  const { certificate, key } = root;
  const held = {
    sealed: () =>
      t('identity.keySealed', {
        protector: 'protector' in key ? key.protector : '',
        key: 'keyId' in key ? key.keyId : '',
      }),
    remote: () =>
      t('identity.keyRemote', {
        protector: 'protector' in key ? key.protector : '',
      }),
    none: () => t('identity.keyNone'),
  }[key.held]();
  const facts: [string, string][] = [
    [t('identity.keyId'), root.keyId],
    ...(certificate
      ? ([
          [t('identity.serial'), certificate.serial],
          [t('identity.fingerprint'), certificate.fingerprint],
          [t('identity.validFrom'), exact(certificate.notBefore)],
          [t('identity.validTo'), exact(certificate.notAfter)],
        ] satisfies [string, string][])
      : []),
    [t('identity.keyHeld'), held],
    [
      t('identity.origin'),
      root.origin === 'made'
        ? t('identity.originMade', { who: root.createdBy })
        : t('identity.originImported', { who: root.createdBy }),
    ],
  ];
  return (
    <Dialog isOpen onOpenChange={open => !open && onClose()} width={680}>
      <DialogHeader>
        {t('identity.details', { number: String(props.number) })}
      </DialogHeader>
      <DialogBody>
        <dl className={styles.facts}>
          {facts.map(([label, value]) => (
            <div key={label} style={{ display: 'contents' }}>
              <dt>{label}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
        {certificate ? (
          <CodeBlock
            label={t('identity.pem')}
            text={certificate.pem}
            maxHeight={220}
          />
        ) : null}
      </DialogBody>
      <DialogFooter>
        <Button variant="secondary" onPress={onClose}>
          {t('identity.close')}
        </Button>
      </DialogFooter>
    </Dialog>
  );
}
