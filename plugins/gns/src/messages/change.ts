/** What a change means, said in words: statements of plans, holds and costs. */
export const changeMessages = {
  change: {
    servicesJoin_one: '{{count}} service joins',
    servicesJoin_other: '{{count}} services join',
    servicesLeave_one: '{{count}} leaves',
    servicesLeave_other: '{{count}} leave',
    callersGain_one: '{{count}} caller gains a host',
    callersGain_other: '{{count}} callers gain a host',
    callersLose_one: '{{count}} caller loses a host',
    callersLose_other: '{{count}} callers lose a host',
    share: '{{share}} of calls would cross clusters',
    shareUnknown: 'how many calls would cross clusters is not known',
    restart_one: '{{count}} pod has to restart',
    restart_other: '{{count}} pods have to restart',
    objects:
      '{{create}} objects created, {{update}} changed, {{delete}} deleted',
    nothing: 'Nothing changes for anybody',
    perSecond: '{{rate}} calls per second',
    notMeasured: 'calls not measured',
    danger: 'Careful',
    warning: 'Note',
    info: 'Change',
  },
  statement: {
    serviceJoins: '{{host}} comes into being, served in {{clusters}}.',
    serviceLeaves:
      '{{host}} ceases to exist; it was served in {{clusters}} ({{calls}}).',
    endpointJoins: '{{host}} is served in {{cluster}} too, from {{namespace}}.',
    endpointLeaves:
      '{{host}} is no longer served in {{cluster}}, from {{namespace}}.',
    namespaceJoins:
      '{{namespace}} in {{cluster}} becomes a member, with {{services}} services.',
    namespaceJoinsApproved:
      '{{namespace}} in {{cluster}} becomes a member, with {{services}} services; a matcher chose it, and this change approves it.',
    namespaceLeaves: '{{namespace}} in {{cluster}} is no longer a member.',
    callersGain: '{{callers}} can call {{host}} from now on.',
    callersLose: '{{callers}} can no longer call {{host}} ({{calls}}).',
    callersStranded:
      '{{callers}} keep the name {{host}}, but no cluster that they reach serves it ({{calls}}).',
    callsGoAbroad:
      'Callers in {{cluster}} lose the {{host}} in their own cluster; their calls go to other clusters ({{calls}}).',
    crossClusterShare:
      'Of the calls within {{gns}}, {{after}} would cross clusters; now it is {{before}} ({{calls}}).',
    crossClusterShareUnknown:
      'How many of the calls within {{gns}} would cross clusters is not known: {{why}}.',
    addressAssigned: '{{host}} gets the address {{address}}.',
    restartNeededDns:
      '{{pods}} pods in {{namespace}} of {{cluster}} resolve the names after a restart: {{workloads}}.',
    restartNeededIdentity:
      '{{pods}} pods in {{namespace}} of {{cluster}} keep their old certificates until a restart: {{workloads}}.',
    mtlsChanges: 'mTLS within {{gns}} changes from {{before}} to {{after}}.',
    authorityChanges:
      'The certificates of {{gns}} come from {{after}} instead of {{before}}.',
    conditionAppears: 'It will be reported: {{message}}',
    conditionEnds: 'It will no longer be reported: {{message}}',
    objectsChange:
      'In {{cluster}}: {{create}} objects created, {{update}} changed, {{delete}} deleted.',
    clusterSilent:
      '{{cluster}} is silent ({{state}}, last report {{age}}): what is said about it rests on that.',
    clusterNever: '{{cluster}} has never reported: nothing is known about it.',
    pausedGns: '{{name}} is paused: nothing of it changes until it is resumed.',
    pausedCluster:
      'The cluster {{name}} is paused: nothing in it changes until it is resumed.',
    notAdmittedYet:
      '{{callers}} are not admitted yet by {{by}}, whose turn comes later.',
    drained:
      '{{cluster}} keeps its own endpoints and is offered to nobody else: {{hosts}}.',
    frozen: '{{cluster}} no longer hears of changes: {{globalNamespaces}}.',
    emptied: 'All {{objects}} objects of ours in {{cluster}} are deleted.',
    nothingChanges: 'Nothing changes that anybody would notice.',
  },
  why: {
    notMeasured: 'nobody measured them',
    stale: 'the measurements are old',
    partial: 'a part of the clusters has not measured them',
  },
} as const;
