import { Alert, Checkbox } from '@backstage/ui';
import { isRecord } from '../../editing/same';
import { useGnsTranslation } from '../../useGnsTranslation';
import { ChoiceEntry } from './ChoiceEntry';
import { FormProvider, type FormState, useField } from './FormContext';
import { HostnamesSection } from './HostnamesSection';
import { LabelsEntry } from './LabelsEntry';
import { MembersSection } from './MembersSection';
import { OwnerEntry } from './OwnerEntry';
import { TextEntry } from './TextEntry';
import { type MatchesState } from './useMatches';
import styles from './form.module.css';

/** A global namespace as a form; what it does not show stays in the document. */
export function DefinitionForm(
  props: FormState & { matches: MatchesState; unreadable: boolean },
) {
  const { t } = useGnsTranslation();
  const { matches, unreadable, ...form } = props;
  return (
    <FormProvider value={form}>
      <div className={styles.form}>
        {unreadable ? (
          <Alert status="warning" icon title={t('editing.unreadable')} />
        ) : null}
        <BasicsSection exists={form.exists} />
        <MembersSection matches={matches} />
        <SecuritySection exists={form.exists} />
        <HostnamesSection />
      </div>
    </FormProvider>
  );
}

function BasicsSection(props: { exists: boolean }) {
  const { t } = useGnsTranslation();
  const labels = useField(['metadata', 'labels']);
  const isPublic = useField(['spec', 'publicDomain']);
  const domain = useField(['spec', 'domain']);
  return (
    <section className={styles.section} aria-labelledby="gns-form-basics">
      <h3 id="gns-form-basics" className={styles.heading}>
        {t('editing.basics')}
      </h3>
      <TextEntry
        path={['metadata', 'name']}
        label={t('fields.metadata_name')}
        description={t('fields.metadata_nameText')}
        isRequired
        isReadOnly={props.exists}
      />
      <TextEntry
        path={['metadata', 'title']}
        label={t('fields.metadata_title')}
        description={t('fields.metadata_titleText')}
      />
      <TextEntry
        path={['metadata', 'description']}
        label={t('fields.metadata_description')}
        description={t('fields.metadata_descriptionText')}
        long
      />
      <OwnerEntry />
      <TextEntry
        path={['spec', 'domain']}
        label={t('fields.spec_domain')}
        description={t('fields.spec_domainText')}
        isRequired
        isReadOnly={props.exists}
      />
      {isPublic.value === true || /public/i.test(domain.error ?? '') ? (
        <div>
          <Checkbox
            isSelected={isPublic.value === true}
            onChange={chosen => isPublic.set(chosen ? true : undefined)}
            isDisabled={isPublic.isDisabled}
          >
            {t('fields.spec_publicDomain')}
          </Checkbox>
          <div className={styles.quiet}>
            {t('fields.spec_publicDomainText')}
          </div>
        </div>
      ) : null}
      <div>
        <div className={styles.title}>{t('fields.metadata_labels')}</div>
        <div className={styles.quiet}>{t('fields.metadata_labelsText')}</div>
        <LabelsEntry
          labels={
            isRecord(labels.value)
              ? Object.entries(labels.value).map(([key, value]) => [
                  key,
                  String(value ?? ''),
                ])
              : []
          }
          isDisabled={labels.isDisabled}
          error={labels.error}
          onChange={rows =>
            labels.set(rows.length > 0 ? Object.fromEntries(rows) : undefined)
          }
        />
      </div>
    </section>
  );
}

function SecuritySection(props: { exists: boolean }) {
  const { t } = useGnsTranslation();
  const mode = useField(['spec', 'authority', 'mode']);
  return (
    <section className={styles.section} aria-labelledby="gns-form-security">
      <h3 id="gns-form-security" className={styles.heading}>
        {t('editing.security')}
      </h3>
      <ChoiceEntry
        path={['spec', 'mtls']}
        label={t('fields.spec_mtls')}
        description={t('fields.spec_mtlsText')}
        defaultValue="strict"
        options={[
          { id: 'strict', label: t('fields.spec_mtls_strict') },
          { id: 'permissive', label: t('fields.spec_mtls_permissive') },
        ]}
      />
      <ChoiceEntry
        path={['spec', 'authority', 'mode']}
        label={t('fields.spec_authority_mode')}
        description={t('fields.spec_authority_modeText')}
        defaultValue="mesh"
        options={[
          { id: 'mesh', label: t('fields.spec_authority_mode_mesh') },
          { id: 'dedicated', label: t('fields.spec_authority_mode_dedicated') },
        ]}
      />
      {mode.value === 'dedicated' ? (
        <>
          <ChoiceEntry
            path={['spec', 'authority', 'trustDomain']}
            label={t('fields.spec_authority_trustDomain')}
            description={t('fields.spec_authority_trustDomainText')}
            isReadOnly={props.exists}
            defaultValue="mesh"
            options={[
              {
                id: 'mesh',
                label: t('fields.spec_authority_trustDomain_mesh'),
              },
              { id: 'own', label: t('fields.spec_authority_trustDomain_own') },
            ]}
          />
          <TextEntry
            path={['spec', 'authority', 'leafTtl']}
            label={t('fields.spec_authority_leafTtl')}
            description={t('fields.spec_authority_leafTtlText')}
            placeholder="1h"
          />
          <ChoiceEntry
            path={['spec', 'authority', 'restart']}
            label={t('fields.spec_authority_restart')}
            description={t('fields.spec_authority_restartText')}
            defaultValue="manual"
            options={[
              {
                id: 'manual',
                label: t('fields.spec_authority_restart_manual'),
              },
              {
                id: 'rolling',
                label: t('fields.spec_authority_restart_rolling'),
              },
            ]}
          />
        </>
      ) : null}
    </section>
  );
}
