import {
  coreExtensionData,
  createExtensionInput,
  PageBlueprint,
} from '@backstage/frontend-plugin-api';
import { RiGlobalLine } from '@remixicon/react';
import { rootRouteRef } from '../routes';
import { gnsMessages } from '../translation';
import { partDataRef } from './part';
import { titleDataRef } from './title';

const part = [
  coreExtensionData.routePath,
  coreExtensionData.reactElement,
  titleDataRef,
  partDataRef,
] as const;

/** `/gns` with its views, and `/gns/<name>` with its tabs. */
export const gnsPage = PageBlueprint.makeWithOverrides({
  inputs: {
    views: createExtensionInput([...part]),
    tabs: createExtensionInput([...part]),
  },
  factory(originalFactory, { inputs, config }) {
    const read = (input: (typeof inputs.tabs)[number]) => ({
      path: input.get(coreExtensionData.routePath),
      element: input.get(coreExtensionData.reactElement),
      title: input.get(titleDataRef),
      ...input.get(partDataRef),
    });
    return originalFactory({
      path: '/gns',
      routeRef: rootRouteRef,
      // Titles of navigation items are plain text in this release of Backstage.
      title: gnsMessages.page.title,
      icon: <RiGlobalLine />,
      // We draw the same header ourselves: its title is then translated, and
      // its tabs are those of the global namespace that is open.
      noHeader: true,
      loader: async () => {
        const [{ GnsRouter }, { StableLayout }] = await Promise.all([
          import('../components/GnsRouter'),
          import('./StableLayout'),
        ]);
        return (
          <GnsRouter
            title={config.title}
            icon={<RiGlobalLine />}
            views={inputs.views.map(read)}
            tabs={inputs.tabs.map(read)}
            Layout={StableLayout}
          />
        );
      },
    });
  },
});
