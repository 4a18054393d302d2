import type { TemplateExample } from '@backstage/plugin-scaffolder-node';
import { stringify } from 'yaml';

export const examples: TemplateExample[] = [
  {
    description: 'Plan a definition that an earlier step wrote into a file',
    example: stringify({
      steps: [
        {
          id: 'plan',
          name: 'Plan the global namespace',
          action: 'gns:plan',
          input: { file: './gns.yaml' },
        },
      ],
    }),
  },
  {
    description: 'Plan a definition that stands in the template',
    example: stringify({
      steps: [
        {
          id: 'plan',
          name: 'Plan the global namespace',
          action: 'gns:plan',
          input: {
            definition: {
              apiVersion: 'gns.isthmus.dev/v1',
              kind: 'GlobalNamespace',
              metadata: { name: 'shop', owner: 'group:default/shop' },
              spec: {
                domain: 'shop.gns.internal',
                members: [
                  {
                    clusters: { prefix: 'eu-' },
                    namespaces: { names: ['shop-web'] },
                  },
                ],
              },
            },
          },
        },
      ],
    }),
  },
];
