import type { TemplateExample } from '@backstage/plugin-scaffolder-node';
import { stringify } from 'yaml';

export const examples: TemplateExample[] = [
  {
    description: 'Wait until every cluster has applied a global namespace',
    example: stringify({
      steps: [
        {
          id: 'wait',
          name: 'Wait for the clusters',
          action: 'gns:wait',
          input: { gns: 'shop' },
        },
      ],
    }),
  },
  {
    description: 'Wait until a service of a cluster can be called everywhere',
    example: stringify({
      steps: [
        {
          id: 'wait',
          name: 'Wait for the service',
          action: 'gns:wait',
          input: {
            gns: 'shop',
            service: 'checkout',
            clusters: ['eu-1'],
            timeoutMinutes: 30,
          },
        },
      ],
    }),
  },
];
