import { useEffect, useMemo, useRef } from 'react';
import { useLocation } from 'react-router-dom';
import {
  PageLayout,
  type PageLayoutProps,
  swappableComponentsApiRef,
  useApi,
} from '@backstage/frontend-plugin-api';
import styles from './stableLayout.module.css';

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
  const frame = useRef<HTMLDivElement>(null);
  const { pathname } = useLocation();
  // On a phone the tabs scroll: the one that is open shall be in sight.
  useEffect(() => {
    let frameId = 0;
    // The tabs are drawn later than the layout.
    const look = (left: number) => {
      const tab = frame.current?.querySelector(
        '.bui-PluginHeaderTabsWrapper [aria-selected="true"]',
      );
      if (tab) tab.scrollIntoView?.({ block: 'nearest', inline: 'nearest' });
      else if (left > 0) {
        frameId = requestAnimationFrame(() => look(left - 1));
      }
    };
    frameId = requestAnimationFrame(() => look(60));
    return () => cancelAnimationFrame(frameId);
  }, [pathname]);
  return (
    <div ref={frame} className={styles.frame}>
      <Layout {...props} />
    </div>
  );
}
