/** Texts of the fields of software templates. */
export const scaffolderMessages = {
  scaffolder: {
    gns: 'Global namespace',
    gnsHelp: 'Whose members shall be able to call the service.',
    gnsNone:
      'There is no global namespace that you may read. Ask a platform admin to create one.',
    cluster: 'Cluster',
    clusterHelp: 'The member cluster in which it runs.',
    clusterNone:
      'No member cluster is known. A platform admin connects clusters.',
    choose: 'Choose…',
    simulated: '{{name}} (simulated)',
    stale: '{{name}} (not heard of)',
    loading: 'Asking the hub…',
    failed: 'The hub does not answer: {{reason}}',
    preview: 'Its global name',
    previewWaits: 'Choose a global namespace and a name first.',
    previewFree: 'All members of {{gns}} will call it by this name.',
    previewTaken_one:
      'This name exists: it runs in {{places}}. The new place joins it.',
    previewTaken_other:
      'This name exists: it runs in {{count}} places ({{places}}). The new place joins them.',
    previewInvalid:
      '“{{name}}” is no service name: use a-z, 0-9 and -, at most 63, starting with a letter.',
  },
} as const;
