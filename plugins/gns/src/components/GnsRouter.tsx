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
} from '@backstage/frontend-plugin-api';
import { type PartPlace } from '../extensions/part';
import { type TranslatedTitle } from '../extensions/title';
import { useLive } from '../live/useLive';
import { rootRouteRef } from '../routes';
import { useGnsTranslation } from '../useGnsTranslation';
import { GnsPage } from './GnsPage/GnsPage';
import { movedParts, MovedTo } from './movedParts';

/** A view or a tab: where it is, its title and what it shows. */
export interface Part extends PartPlace {
  path: string;
  title: TranslatedTitle;
  element: JSX.Element;
}

/** What draws the header and its tabs, different in each frontend system. */
export type Layout = ComponentType<
  Pick<PageLayoutProps, 'title' | 'titleLink' | 'icon' | 'tabs' | 'children'>
>;

/**
 * Routes below `/gns`. A view has one segment, a page without a tab stands
 * below `-`, a global namespace always has two segments and is never called
 * `-`: no name of a global namespace can hide behind a page.
 */
export function GnsRouter(props: {
  title?: string;
  icon: JSX.Element;
  views: Part[];
  tabs: Part[];
  Layout: Layout;
}) {
  const { t } = useGnsTranslation();
  const translations = useApi(translationApiRef);
  const root = useRouteRef(rootRouteRef)?.() ?? '/gns';
  const { views, tabs, Layout: Frame } = props;
  const title = props.title ?? t('page.title');
  const frame = { title, titleLink: root, icon: props.icon };
  // Without it the tabs have no figure; the page below says what is wrong.
  const waiting = useLive('hub', (api, signal) => api.getHub(signal), {
    topics: ['clusters', 'holds'],
  }).value?.openHolds;
  const label = (view: Part) => {
    const text = view.title(translations);
    return view.ownPath === 'decisions' && waiting
      ? t('inbox.tab', { title: text, number: String(waiting) })
      : text;
  };
  const viewTabs = views
    .filter(view => view.listed)
    .map(view => ({
      id: view.path || 'namespaces',
      label: label(view),
      href: view.path ? `${root}/${view.path}` : root,
    }));
  return (
    <Routes>
      {views.map(view => (
        <Route
          key={view.path}
          path={view.listed ? view.path : `-/${view.path}`}
          element={
            <Frame {...frame} tabs={viewTabs}>
              <Container>{view.element}</Container>
            </Frame>
          }
        />
      ))}
      {movedParts(views).map(({ from, to, listed }) => (
        <Route
          key={from}
          path={listed ? from : `-/${from}`}
          element={<MovedTo path={listed ? to : `-/${to}`} root={root} />}
        />
      ))}
      <Route
        path="/:name/*"
        element={
          <BreadcrumbEntry entry={{ label: title, href: root }}>
            <GnsPage frame={frame} tabs={tabs} Layout={Frame} />
          </BreadcrumbEntry>
        }
      />
      <Route path="*" element={<NotFoundErrorPage />} />
    </Routes>
  );
}
