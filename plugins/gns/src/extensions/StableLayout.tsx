import { useMemo } from 'react';
import {
  PageLayout,
  type PageLayoutProps,
  swappableComponentsApiRef,
  useApi,
} from '@backstage/frontend-plugin-api';

/**
 * The page layout of the app, the same component at each render. The one of
 * Backstage 1.55 asks for a new component each time it is drawn, which throws
 * away all that is below it: focus, dialogs, what somebody has typed.
 */
export function StableLayout(props: PageLayoutProps) {
  const components = useApi(swappableComponentsApiRef);
  const Layout = useMemo(
    () => components.getComponent(PageLayout.ref),
    [components],
  );
  return <Layout {...props} />;
}
