import { Button } from '@backstage/ui';
import { SLO_TEMPLATES, sloFromTemplate } from '@isthmus/plugin-gns-common';
import { isRecord } from '../../editing/same';
import { useGnsTranslation } from '../../useGnsTranslation';
import form from '../DefinitionForm/form.module.css';
import { useField, useForm } from '../DefinitionForm/FormContext';

/** Starting points: what is promised is replaced, for whom stays. */
export function TemplateChoice() {
  const { t } = useGnsTranslation();
  const { onEdit, isDisabled } = useForm();
  const services = useField(['spec', 'services']).value;
  const title = useField(['metadata', 'title']);
  const spec = useField(['spec']).value;
  return (
    <div>
      <div className={form.title} id="gns-slo-template">
        {t('sloEdit.template')}
      </div>
      <div className={form.quiet}>{t('sloEdit.templateText')}</div>
      <div className={form.bar} role="group" aria-labelledby="gns-slo-template">
        {SLO_TEMPLATES.map(template => (
          <Button
            key={template}
            size="small"
            variant="secondary"
            isDisabled={isDisabled || title.isDisabled}
            onPress={() => {
              const made = sloFromTemplate(template, {
                gns: '',
                name: '',
                services: [],
              });
              onEdit(
                [
                  {
                    path: ['spec'],
                    value: {
                      ...made.spec,
                      services: Array.isArray(services) ? services : [],
                      ...(isRecord(spec) && spec.purpose !== undefined
                        ? { purpose: spec.purpose }
                        : {}),
                    },
                  },
                ],
                `template ${template}`,
              );
            }}
          >
            {t(`sloTemplate.${template}`)}
          </Button>
        ))}
      </div>
    </div>
  );
}
