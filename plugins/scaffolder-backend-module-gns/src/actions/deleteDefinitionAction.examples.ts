import type { TemplateExample } from '@backstage/plugin-scaffolder-node';
import { stringify } from 'yaml';

export const examples: TemplateExample[] = [
  {
    description: 'Delete a global namespace',
    example: stringify({
      steps: [
        {
          id: 'delete',
          name: 'Delete the global namespace',
          action: 'gns:definition:delete',
          input: { name: 'shop', message: 'The team moved on' },
        },
      ],
    }),
  },
];
