/** Texts of the page of one global service. */
export const serviceMessages = {
  service: {
    all: 'All services',
    missing: 'The global namespace {{gns}} has no service {{name}}',
    missingText:
      'It may have left, or no member namespace offers it yet. The list shows all that there are.',
    why: 'Why can’t somebody call {{name}}?',
    callers: 'Who can call it',
    noCallers: 'Nobody yet: no member namespace has been told of it.',
    check: 'check the way',
    checkFrom: 'Check the way from {{from}}',
    places: 'Endpoints per cluster',
    kubernetesService: 'Kubernetes service',
    workloads: 'Workloads',
    ready: 'Ready pods',
    pods: 'Pods',
    read: 'Read its global namespace',
    ownerOfGns: 'Owner of the global namespace:',
    noEntity: 'No component of the catalog names it. Annotate one with',
    catalogFailed: 'The catalog did not answer: {{message}}',
  },
} as const;
