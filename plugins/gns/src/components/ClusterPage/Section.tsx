import { type JSX, type ReactNode } from 'react';
import { Text } from '@backstage/ui';
import { translationApiRef, useApi } from '@backstage/frontend-plugin-api';
import { type TranslatedTitle } from '../../extensions/title';
import styles from '../GnsPage/GnsPage.module.css';

/** A section that a feature added to a page. */
export interface AddedSection {
  id: string;
  title: TranslatedTitle;
  element: JSX.Element;
}

/** A part of a page under a heading of its own. */
export function Section(props: {
  title: string;
  children: ReactNode;
  /** Of its heading; 3 by default, below the title of the page. */
  level?: 3 | 4;
}) {
  return (
    <section className={styles.section} aria-label={props.title}>
      <Text
        as={props.level === 4 ? 'h4' : 'h3'}
        variant="title-x-small"
        weight="bold"
        className={styles.heading}
      >
        {props.title}
      </Text>
      {props.children}
    </section>
  );
}

/** The sections of other features, in the order of the admin's config. */
export function AddedSections(props: {
  sections: readonly AddedSection[];
  level?: 3 | 4;
}) {
  const translations = useApi(translationApiRef);
  return (
    <>
      {props.sections.map(one => (
        <Section
          key={one.id}
          title={one.title(translations)}
          level={props.level}
        >
          {one.element}
        </Section>
      ))}
    </>
  );
}
