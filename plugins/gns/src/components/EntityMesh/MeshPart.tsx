import { type ReactNode, useId } from 'react';
import { Text } from '@backstage/ui';
import styles from './EntityMesh.module.css';

/** A part of the mesh tab with its heading. */
export function MeshPart(props: { title: string; children: ReactNode }) {
  const id = useId();
  return (
    <section className={styles.part} aria-labelledby={id}>
      <Text as="h3" variant="body-medium" weight="bold" id={id}>
        {props.title}
      </Text>
      {props.children}
    </section>
  );
}
