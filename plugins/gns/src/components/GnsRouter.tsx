import { type ComponentType, type JSX } from 'react';
import { Route, Routes } from 'react-router-dom';
import { Container } from '@backstage/ui';
import {
  BreadcrumbEntry,
  NotFoundErrorPage,
  type PageLayoutProps,
  translationApiRef,
  useApi,
  useRouteRef,
  useTranslationRef,
} from '@backstage/frontend-plugin-api';
import { type TranslatedTitle } from '../extensions/title';
import { rootRouteRef } from '../routes';
import { gnsTranslationRef } from '../translation';
import { GnsPage } from './GnsPage/GnsPage';

/** A view or a tab: one path segment, its title and what it shows. */
export interface Part {
  path: string;
  title: TranslatedTitle;
  element: JSX.Element;
}

/** What draws the header and its tabs, different in each frontend system. */
export type Layout = ComponentType<
  Pick<PageLayoutProps, 'title' | 'titleLink' | 'icon' | 'tabs' | 'children'>
>;

/**
 * Routes below `/gns`. A view has one segment, a global namespace always two,
 * so that no name of a global namespace can hide behind a view.
 */
export function GnsRouter(props: {
  title?: string;
  icon: JSX.Element;
  views: Part[];
  tabs: Part[];
  Layout: Layout;
}) {
  const { t } = useTranslationRef(gnsTranslationRef);
  const translations = useApi(translationApiRef);
  const root = useRouteRef(rootRouteRef)?.() ?? '/gns';
  const { views, tabs, Layout: Frame } = props;
  const title = props.title ?? t('page.title');
  const frame = { title, titleLink: root, icon: props.icon };
  const viewTabs = views.map(view => ({
    id: view.path || 'namespaces',
    label: view.title(translations),
    href: view.path ? `${root}/${view.path}` : root,
  }));
  return (
    <Routes>
      {views.map(view => (
        <Route
          key={view.path}
          path={view.path}
          element={
            <Frame {...frame} tabs={viewTabs}>
              <Container>{view.element}</Container>
            </Frame>
          }
        />
      ))}
      {['/:name', '/:name/:tab/*'].map(path => (
        <Route
          key={path}
          path={path}
          element={
            <BreadcrumbEntry entry={{ label: title, href: root }}>
              <GnsPage frame={frame} tabs={tabs} Layout={Frame} />
            </BreadcrumbEntry>
          }
        />
      ))}
      <Route path="*" element={<NotFoundErrorPage />} />
    </Routes>
  );
}
