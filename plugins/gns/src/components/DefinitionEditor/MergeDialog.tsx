import { useMemo, useState } from 'react';
import {
  Alert,
  Button,
  Dialog,
  DialogBody,
  DialogFooter,
  DialogHeader,
  Radio,
  RadioGroup,
} from '@backstage/ui';
import { parseYaml, showPath } from '@isthmus/plugin-gns-common';
import { DiffView } from '../../diff/DiffView';
import { editYaml } from '../../editing/editYaml';
import { merge3, type MergeConflict } from '../../editing/merge3';
import { type DefinitionText } from '../../editing/useDefinitionText';
import { schemaOfKind } from '../../editor/jsonSchema';
import { useGnsTranslation } from '../../useGnsTranslation';
import { showValue } from '../GnsPage/showValue';
import { type InForce } from './useEditable';
import styles from './mergeDialog.module.css';

type Side = 'mine' | 'theirs';

/**
 * Two changes of one definition: theirs, which is in force, and mine, which is
 * not. They can be put together, place by place where both touched the same.
 */
export function MergeDialog(props: {
  name: string;
  definition: DefinitionText;
  inForce: InForce;
  onClose: () => void;
}) {
  const { t } = useGnsTranslation();
  const { definition, inForce, name, onClose } = props;
  const { base, text, checked } = definition;
  const [chosen, setChosen] = useState<Record<string, Side>>({});
  const merge = useMemo(
    () =>
      merge3(readText(base?.text ?? ''), inForce.definition, checked.written),
    [base, inForce, checked],
  );
  const together = useMemo(
    () =>
      checked.written === undefined
        ? undefined
        : editYaml(
            text,
            [
              ...merge.edits,
              ...merge.conflicts
                .filter(one => chosen[showPath(one.path)] === 'theirs')
                .map(one => ({ path: one.path, value: one.theirs })),
            ],
            schemaOfKind('GlobalNamespace'),
          ),
    [text, checked, merge, chosen],
  );
  const actor = inForce.updatedBy;
  const next = { generation: inForce.generation, text: inForce.text };
  const undecided = merge.conflicts.some(
    one => chosen[showPath(one.path)] === undefined,
  );

  return (
    <Dialog
      isOpen
      onOpenChange={open => !open && onClose()}
      width="min(1100px, 94vw)"
      height="min(900px, 92vh)"
    >
      <DialogHeader>{t('merge.dialog', { name })}</DialogHeader>
      <DialogBody>
        <div className={styles.column}>
          <section>
            <h3 className={styles.heading}>{t('merge.theirs', { actor })}</h3>
            <DiffView
              label={t('merge.theirs', { actor })}
              before={base?.text ?? ''}
              after={inForce.text}
              beforeLabel={t('merge.before')}
              afterLabel={t('merge.theirsNow')}
            />
          </section>
          <section>
            <h3 className={styles.heading}>{t('merge.mine')}</h3>
            <DiffView
              label={t('merge.mine')}
              before={base?.text ?? ''}
              after={text}
              beforeLabel={t('merge.before')}
              afterLabel={t('merge.mineNow')}
            />
          </section>
          {merge.conflicts.length > 0 ? (
            <section className={styles.column}>
              <h3 className={styles.heading}>{t('merge.conflicts')}</h3>
              {merge.conflicts.map(conflict => (
                <Conflict
                  key={showPath(conflict.path)}
                  conflict={conflict}
                  chosen={chosen[showPath(conflict.path)]}
                  onChoose={side =>
                    setChosen(before => ({
                      ...before,
                      [showPath(conflict.path)]: side,
                    }))
                  }
                />
              ))}
            </section>
          ) : null}
          {together === undefined ? (
            <Alert status="warning" icon title={t('merge.unreadable')} />
          ) : (
            <section>
              <h3 className={styles.heading}>{t('merge.together')}</h3>
              <DiffView
                label={t('merge.together')}
                before={inForce.text}
                after={together}
                beforeLabel={t('merge.theirsNow')}
                afterLabel={t('merge.together')}
              />
            </section>
          )}
        </div>
      </DialogBody>
      <DialogFooter>
        <Button
          isDisabled={together === undefined || undecided}
          onPress={() => {
            definition.rebase(next, together ?? text);
            onClose();
          }}
        >
          {t('merge.take')}
        </Button>
        <Button
          variant="secondary"
          destructive
          onPress={() => {
            definition.rebase(next, inForce.text);
            onClose();
          }}
        >
          {t('merge.discard')}
        </Button>
        <Button variant="secondary" onPress={onClose}>
          {t('merge.close')}
        </Button>
      </DialogFooter>
    </Dialog>
  );
}

function Conflict(props: {
  conflict: MergeConflict;
  chosen: Side | undefined;
  onChoose: (side: Side) => void;
}) {
  const { t } = useGnsTranslation();
  const { conflict } = props;
  const show = (value: unknown) =>
    value === undefined ? t('merge.nothing') : showValue(value);
  return (
    <RadioGroup
      label={showPath(conflict.path)}
      value={props.chosen ?? null}
      onChange={side => props.onChoose(side as Side)}
    >
      <Radio value="mine">
        {t('merge.chooseMine', { value: show(conflict.mine) })}
      </Radio>
      <Radio value="theirs">
        {t('merge.chooseTheirs', { value: show(conflict.theirs) })}
      </Radio>
    </RadioGroup>
  );
}

function readText(text: string): unknown {
  const parsed = parseYaml(text);
  return parsed.ok ? parsed.documents[0] : undefined;
}
