/** Texts of entity pages. */
export const entityMessages = {
  entity: {
    tab: 'Mesh',
    none: 'This entity names no global service',
    noneText:
      'Annotate it with {{annotation}}: <global namespace>/<service>, or give it the labels of its Kubernetes objects.',
    found: 'Found by the labels of its Kubernetes objects',
    foundText:
      'Nobody wrote the annotation yet. Write it into the catalog file, so that it stays when labels change:',
    hosts: 'Call it',
    hostsHelp: 'From a pod of any member namespace.',
    places: 'Where it runs',
    conditions: 'Conditions',
    changes: 'Changes of the last hour',
    noChanges: 'Nothing changed.',
    changesUnknown: 'What changed is not known: {{reason}}',
    changed: '{{kind}} {{name}} was changed',
    created: '{{kind}} {{name}} was created',
    deleted: '{{kind}} {{name}} was deleted',
    by: 'by {{actor}}',
    conditionGood: '{{type}} is good again',
    conditionBad: '{{type}}: {{reason}}',
    links: 'Elsewhere',
    open: 'Open in {{gns}}',
    newTab: '{{title}} (opens in a new tab)',
  },
} as const;
