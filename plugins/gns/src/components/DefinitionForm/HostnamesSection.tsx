import { Button, ButtonIcon, Text } from '@backstage/ui';
import { RiAddLine, RiDeleteBinLine } from '@remixicon/react';
import { isRecord } from '../../editing/same';
import { useGnsTranslation } from '../../useGnsTranslation';
import { useField, useForm } from './FormContext';
import { TextEntry } from './TextEntry';
import styles from './form.module.css';

/** Services whose host name is not their own name. */
export function HostnamesSection() {
  const { t } = useGnsTranslation();
  const form = useForm();
  const field = useField(['spec', 'hostnames']);
  const entries = Array.isArray(field.value) ? field.value : [];
  return (
    <section className={styles.section} aria-labelledby="gns-form-hostnames">
      <h3 id="gns-form-hostnames" className={styles.heading}>
        {t('editing.hostnames')}
      </h3>
      <Text as="p" variant="body-small" color="secondary">
        {t('editing.hostnamesText')}
      </Text>
      {entries.map((entry: unknown, i) => {
        const path = ['spec', 'hostnames', i];
        const name = isRecord(entry) ? String(entry.service ?? '') : '';
        return (
          <div key={i} className={styles.hostname}>
            <TextEntry
              path={[...path, 'namespace']}
              label={t('fields.spec_hostnames_namespace')}
              isRequired
            />
            <TextEntry
              path={[...path, 'service']}
              label={t('fields.spec_hostnames_service')}
              isRequired
            />
            <TextEntry
              path={[...path, 'hostname']}
              label={t('fields.spec_hostnames_hostname')}
              isRequired
            />
            <TextEntry
              path={[...path, 'cluster']}
              label={t('fields.spec_hostnames_cluster')}
              placeholder={t('editing.anyCluster')}
            />
            <ButtonIcon
              size="small"
              variant="tertiary"
              aria-label={t('editing.removeHostname', { name })}
              icon={<RiDeleteBinLine />}
              isDisabled={form.isDisabled}
              onPress={() =>
                form.onEdit(
                  [
                    entries.length === 1
                      ? { path: ['spec', 'hostnames'], value: undefined }
                      : { path, value: undefined },
                  ],
                  `remove host ${i}`,
                )
              }
            />
          </div>
        );
      })}
      <div className={styles.bar}>
        <Button
          size="small"
          variant="secondary"
          iconStart={<RiAddLine />}
          isDisabled={form.isDisabled}
          onPress={() =>
            form.onEdit(
              [
                {
                  path: ['spec', 'hostnames', entries.length],
                  value: { namespace: '', service: '', hostname: '' },
                },
              ],
              `add host ${entries.length}`,
            )
          }
        >
          {t('editing.addHostname')}
        </Button>
      </div>
    </section>
  );
}
