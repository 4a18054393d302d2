import type { TemplateExample } from '@backstage/plugin-scaffolder-node';
import { stringify } from 'yaml';

export const examples: TemplateExample[] = [
  {
    description: 'Create or replace a global namespace',
    example: stringify({
      steps: [
        {
          id: 'apply',
          name: 'Define the global namespace',
          action: 'gns:definition:apply',
          input: {
            message: 'The team starts',
            definition: {
              apiVersion: 'gns.isthmus.dev/v1',
              kind: 'GlobalNamespace',
              metadata: { name: 'shop', owner: 'group:default/shop' },
              spec: { domain: 'shop.gns.internal' },
            },
          },
        },
      ],
    }),
  },
  {
    description: 'Apply all definitions of a file',
    example: stringify({
      steps: [
        {
          id: 'apply',
          name: 'Define the global namespace',
          action: 'gns:definition:apply',
          input: { file: './gns.yaml' },
        },
      ],
    }),
  },
];
