import { lazy, Suspense } from 'react';
import { Skeleton } from '@backstage/ui';
import { type Problem } from '@isthmus/plugin-gns-common';
import styles from './yamlEditor.module.css';

export interface YamlEditorProps {
  value: string;
  /** Absent: the text can be read and copied only. */
  onChange?: (text: string) => void;
  /** Name for screen readers. */
  label: string;
  /** Shown at their places and as a list below. */
  problems?: readonly Problem[];
  /** Whose schema completes; absent: the kind that the text names. */
  kind?: string;
  /** Help on a field, `spec.members.clusters`; absent or empty: the schema's own words. */
  describe?: (field: string) => string | undefined;
  /** Names that may stand at a place, `spec.members.clusters.names`. */
  suggest?: (field: string) => readonly string[];
  /** Undo and redo of somebody who owns the text; absent: the editor's own. */
  onUndo?: () => void;
  onRedo?: () => void;
  /** Pixels of the text, without its footer. */
  height?: number;
}

const CodeMirrorEditor = lazy(() =>
  import('./CodeMirrorEditor').then(m => ({ default: m.CodeMirrorEditor })),
);

/**
 * A YAML editor that knows the kinds: completion, help and problems in place.
 * It comes in a chunk of its own; until then there is a space of its size.
 * Tab indents; Escape, then Tab leaves, which it says below.
 */
export function YamlEditor(props: YamlEditorProps) {
  const height = props.height ?? 420;
  return (
    <Suspense
      fallback={
        <div className={styles.frame}>
          <Skeleton width="100%" height={height} />
          <div className={styles.footer} />
        </div>
      }
    >
      <CodeMirrorEditor {...props} height={height} />
    </Suspense>
  );
}
