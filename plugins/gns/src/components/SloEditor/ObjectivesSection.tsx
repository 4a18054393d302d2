import { Button, ButtonIcon, Select } from '@backstage/ui';
import { RiAddLine, RiDeleteBinLine } from '@remixicon/react';
import { isRecord, valueAt } from '../../editing/same';
import { useGnsTranslation } from '../../useGnsTranslation';
import { ChoiceEntry } from '../DefinitionForm/ChoiceEntry';
import form from '../DefinitionForm/form.module.css';
import { useField, useForm } from '../DefinitionForm/FormContext';
import { TextEntry } from '../DefinitionForm/TextEntry';
import { NumberEntry } from './NumberEntry';
import { freshObjective, INDICATORS, withIndicator } from './objectiveEdits';

const EXAMPLE_THRESHOLD = '250ms';

/** What is promised: one objective below the other, and how they add up. */
export function ObjectivesSection() {
  const { t } = useGnsTranslation();
  const { onEdit, isDisabled, written } = useForm();
  const field = useField(['spec', 'objectives']);
  const objectives = Array.isArray(field.value) ? field.value : [];
  const slices = valueAt(written, ['spec', 'method', 'type']) === 'timeSlices';
  return (
    <section className={form.section} aria-labelledby="gns-slo-objectives">
      <h3 id="gns-slo-objectives" className={form.heading}>
        {t('sloEdit.objectives')}
      </h3>
      {objectives.map((_, i) => (
        <ObjectiveEntry
          key={i}
          index={i}
          slices={slices}
          single={objectives.length === 1}
        />
      ))}
      <div className={form.bar}>
        <Button
          size="small"
          variant="secondary"
          iconStart={<RiAddLine />}
          isDisabled={isDisabled || objectives.length >= 10}
          onPress={() =>
            onEdit(
              [
                {
                  path: ['spec', 'objectives', objectives.length],
                  value: freshObjective(objectives, slices),
                },
              ],
              `add objective ${objectives.length}`,
            )
          }
        >
          {t('sloEdit.addObjective')}
        </Button>
      </div>
      {objectives.length > 1 ? (
        <ChoiceEntry
          path={['spec', 'combine']}
          label={t('sloFields.spec_combine')}
          description={t('sloFields.spec_combineText')}
          defaultValue="worst"
          options={[
            { id: 'worst', label: t('sloFields.combine_worst') },
            { id: 'weighted', label: t('sloFields.combine_weighted') },
            { id: 'all', label: t('sloFields.combine_all') },
          ]}
        />
      ) : null}
    </section>
  );
}

function ObjectiveEntry(props: {
  index: number;
  slices: boolean;
  single: boolean;
}) {
  const { t } = useGnsTranslation();
  const { index, slices } = props;
  const { onEdit } = useForm();
  const path = ['spec', 'objectives', index] as const;
  const field = useField(path);
  const objective = isRecord(field.value) ? field.value : {};
  const type = String(valueAt(objective, ['indicator', 'type']) ?? '');
  const timed = type === 'latency' || type === 'availabilityAndLatency';
  return (
    <fieldset className={form.member}>
      <legend className={form.legend}>
        {t('sloEdit.objective', { number: String(index + 1) })}
      </legend>
      {props.single ? null : (
        <span className={form.remove}>
          <ButtonIcon
            size="small"
            variant="tertiary"
            icon={<RiDeleteBinLine />}
            aria-label={t('sloEdit.removeObjective', {
              number: String(index + 1),
            })}
            isDisabled={field.isDisabled}
            onPress={() => field.set(undefined)}
          />
        </span>
      )}
      <TextEntry
        path={[...path, 'name']}
        label={t('fields.metadata_name')}
        isRequired
      />
      <NumberEntry
        path={[...path, 'target']}
        label={t('sloFields.spec_objectives_target')}
        description={t('sloFields.spec_objectives_targetText')}
      />
      <Select
        label={t('sloFields.spec_objectives_indicator')}
        options={INDICATORS.filter(
          one => slices || one !== 'throughput' || type === one,
        ).map(one => ({ id: one, label: t(`sloIndicator.${one}`) }))}
        value={type}
        onChange={chosen =>
          onEdit(
            [
              {
                path,
                value: withIndicator(objective, String(chosen), slices),
              },
            ],
            `indicator ${index}`,
          )
        }
        isDisabled={field.isDisabled}
      />
      {timed ? (
        <>
          <TextEntry
            path={[...path, 'indicator', 'threshold']}
            label={t('sloFields.spec_objectives_indicator_threshold')}
            description={t('sloFields.spec_objectives_indicator_thresholdText')}
            placeholder={EXAMPLE_THRESHOLD}
            isRequired
          />
          <ChoiceEntry
            path={[...path, 'indicator', 'betweenEdges']}
            label={t('sloFields.spec_objectives_indicator_betweenEdges')}
            description={t(
              'sloFields.spec_objectives_indicator_betweenEdgesText',
            )}
            defaultValue="snapDown"
            options={[
              { id: 'snapDown', label: t('sloFields.edges_snapDown') },
              { id: 'interpolate', label: t('sloFields.edges_interpolate') },
            ]}
          />
        </>
      ) : null}
      {type === 'throughput' ? (
        <NumberEntry
          path={[...path, 'indicator', 'floor']}
          label={t('sloFields.spec_objectives_indicator_floor')}
        />
      ) : null}
      {slices && type !== 'throughput' ? (
        <NumberEntry
          path={[...path, 'slice', 'good']}
          label={t('sloFields.spec_objectives_slice_good')}
          description={t('sloFields.spec_objectives_slice_goodText')}
        />
      ) : null}
    </fieldset>
  );
}
