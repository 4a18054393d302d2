import { type Problem } from '@isthmus/plugin-gns-common';
import { valueAt } from '../../editing/same';
import { type DefinitionText } from '../../editing/useDefinitionText';
import { DefinitionForm } from '../DefinitionForm/DefinitionForm';
import { useMatches } from '../DefinitionForm/useMatches';
import { EditorFrame } from './EditorFrame';
import { useFieldHelp } from './useFieldHelp';
import { useKnownNames } from './useKnownNames';

/** One global namespace as a form and as YAML, in step. */
export function DefinitionEditor(props: {
  name: string;
  definition: DefinitionText;
  /** Found by the hub for the text as it is. */
  foundByHub: readonly Problem[];
  onReview: () => void;
}) {
  const { definition, name } = props;
  const { checked, written } = definition;
  const known = useKnownNames();
  const help = useFieldHelp();
  const members = valueAt(written, ['spec', 'members']);
  const matches = useMatches(
    Array.isArray(members) ? members : [],
    definition.base ? name : undefined,
  );
  return (
    <EditorFrame
      {...props}
      describe={help}
      suggest={field => suggestions(field, known)}
      form={problems => (
        <DefinitionForm
          written={written}
          unreadable={checked.written === undefined}
          isDisabled={checked.written === undefined}
          problems={problems}
          exists={definition.base !== null}
          known={known}
          matches={matches}
          onEdit={definition.edit}
        />
      )}
    />
  );
}

function suggestions(
  field: string,
  known: ReturnType<typeof useKnownNames>,
): readonly string[] {
  switch (field) {
    case 'spec.members.clusters.names':
    case 'spec.hostnames.cluster':
      return known.clusters;
    case 'spec.members.namespaces.names':
    case 'spec.hostnames.namespace':
      return known.namespaces;
    case 'spec.members.services.names':
    case 'spec.hostnames.service':
      return known.services;
    case 'metadata.owner':
      return known.owners;
    default:
      return [];
  }
}
