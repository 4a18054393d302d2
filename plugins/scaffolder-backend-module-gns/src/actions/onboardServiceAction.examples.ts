import type { TemplateExample } from '@backstage/plugin-scaffolder-node';
import { stringify } from 'yaml';

export const examples: TemplateExample[] = [
  {
    description: 'Onboard a service and wait until it can be called',
    example: stringify({
      steps: [
        {
          id: 'onboard',
          name: 'Join the global namespace',
          action: 'gns:service:onboard',
          input: {
            gns: 'shop',
            service: 'checkout',
            namespace: 'shop-api',
            clusters: ['eu-1'],
            catalogFile: './catalog-info.yaml',
          },
        },
      ],
    }),
  },
  {
    description: 'Onboard a service that is deployed later',
    example: stringify({
      steps: [
        {
          id: 'onboard',
          name: 'Join the global namespace',
          action: 'gns:service:onboard',
          input: {
            gns: 'shop',
            service: 'returns',
            namespace: 'shop-api',
            clusters: ['eu-1', 'us-1'],
            wait: false,
          },
        },
      ],
    }),
  },
];
