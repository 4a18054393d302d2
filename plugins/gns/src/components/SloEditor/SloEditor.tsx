import { type Problem } from '@isthmus/plugin-gns-common';
import { type DefinitionText } from '../../editing/useDefinitionText';
import { EditorFrame } from '../DefinitionEditor/EditorFrame';
import { useKnownNames } from '../DefinitionEditor/useKnownNames';
import { useGnsStatus } from '../GnsPage/GnsStatusContext';
import styles from './sloEditor.module.css';
import { SloForm } from './SloForm';
import { SloPreviewPanel } from './SloPreviewPanel';
import { useSloHelp } from './useSloHelp';

/** One objective as a form and as YAML, in step, and below what it would have said of the past. */
export function SloEditor(props: {
  gns: string;
  name: string;
  definition: DefinitionText;
  foundByHub: readonly Problem[];
  onReview: () => void;
}) {
  const { gns, definition, ...frame } = props;
  const { checked, written } = definition;
  const { globalServices } = useGnsStatus();
  const names = useKnownNames();
  const help = useSloHelp();
  const known = {
    ...names,
    services: globalServices.map(service => service.name).sort(),
  };
  return (
    <div className={styles.column}>
      <EditorFrame
        {...frame}
        definition={definition}
        describe={help}
        suggest={field => {
          if (field === 'spec.services') return known.services;
          return field === 'metadata.owner' ? known.owners : [];
        }}
        form={problems => (
          <SloForm
            written={written}
            unreadable={checked.written === undefined}
            isDisabled={checked.written === undefined}
            problems={problems}
            exists={definition.base !== null}
            known={known}
            onEdit={definition.edit}
          />
        )}
      />
      <SloPreviewPanel
        definition={checked.definition ? checked.written : undefined}
        onTarget={(index, target) =>
          definition.edit(
            [{ path: ['spec', 'objectives', index, 'target'], value: target }],
            `target ${index}`,
          )
        }
      />
    </div>
  );
}
