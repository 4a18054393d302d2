import { existsSync, readdirSync } from 'node:fs';

/** @returns network namespaces of a testbed */
export function namespacesWith(prefix: string): string[] {
  return readdirSync('/run/netns').filter(name => name.startsWith(prefix));
}

/** What is left of a testbed: namespaces, resolver files, record, folder. */
export function remains(testbed: {
  id: string;
  prefix: string;
  dir: string;
}): string[] {
  return [
    ...namespacesWith(testbed.prefix),
    ...readdirSync('/etc/netns').filter(name =>
      name.startsWith(testbed.prefix),
    ),
    ...readdirSync('/run/isthmus-testbed').filter(id => id === testbed.id),
    ...[testbed.dir].filter(existsSync),
  ];
}
