import {
  Button,
  Dialog,
  DialogBody,
  DialogFooter,
  DialogHeader,
  Text,
} from '@backstage/ui';
import { type SloSummary } from '@isthmus/plugin-gns-common';
import { CodeBlock } from '../../code/CodeBlock';
import { useLive } from '../../live/useLive';
import { useGnsTranslation } from '../../useGnsTranslation';
import { LiveView } from '../state/LiveView';
import { ProblemItems } from './ProblemItems';

/** An objective as OpenSLO v1, and what other tools will not know of it. */
export function ExportDialog(props: {
  summary: SloSummary;
  onClose: () => void;
}) {
  const { t } = useGnsTranslation();
  const { summary, onClose } = props;
  const { gns, name } = summary;
  const live = useLive(
    `openslo/${gns}/${name}`,
    (api, signal) => api.slo.exportOpenSlo({ gns, name }, signal),
    { topics: ['definitions'], gns },
  );
  return (
    <Dialog isOpen onOpenChange={open => !open && onClose()} width={760}>
      <DialogHeader>
        {t('sloEdit.exportTitle', { name: summary.title ?? name })}
      </DialogHeader>
      <DialogBody>
        <LiveView live={live} permission="gns.definition.read">
          {({ yaml, losses }) => (
            <>
              <Text as="h3" weight="bold">
                {t('sloEdit.losses')}
              </Text>
              {losses.length === 0 ? (
                <Text as="p">{t('sloEdit.noLosses')}</Text>
              ) : (
                <ProblemItems problems={losses} />
              )}
              <CodeBlock
                label={t('sloEdit.export')}
                text={yaml}
                maxHeight={360}
              />
            </>
          )}
        </LiveView>
      </DialogBody>
      <DialogFooter>
        <Button variant="secondary" onPress={onClose}>
          {t('sloEdit.close')}
        </Button>
      </DialogFooter>
    </Dialog>
  );
}
