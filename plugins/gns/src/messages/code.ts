/** Texts around commands and documents to copy. */
export const codeMessages = {
  code: {
    title: 'The same over REST',
    subtitle: 'curl and YAML, to copy',
    command: 'Command: {{title}}',
    yaml: 'Document',
  },
} as const;
