/** Texts of what moves in an authority: members that join and leave, rotation, revocation. */
export const authorityMovesMessages = {
  moves: {
    needs: 'To act here needs the permission {{permission}}.',
    reason: 'Reason, for the history',
    cancel: 'Cancel',
    failed: 'It was not done',
    typeName: 'Type {{name}} to confirm',
    force: 'Do it although it is not proven',
    ofClusters: '{{meeting}} of {{total}} clusters',
    ofPods: '{{meeting}} of {{total}} pods',
    nobody: 'nobody to wait for',
    waitingFor: 'waits for {{names}}',
    silent: 'nothing heard of {{names}}',
    pause: 'Pause',
    resume: 'Resume',
  },
  backup: {
    title: 'Backup, and a CA of yours',
    text: 'A backup holds the roots with their keys as the hub sealed them: useless without its key-encryption key, so keep that elsewhere.',
    take: 'Take a backup…',
    takeTitle: 'Take a backup of the authority of {{gns}}',
    takeText:
      'The file brings the roots back when the hub lost them. Who has it and the key-encryption key can sign for every member. The history says who took it.',
    takeWord: 'Take the backup',
    taken: 'The backup was saved as a file',
    bring: 'Bring roots in…',
    files: 'A backup, or the certificate and key of a CA',
    cannot: 'These files cannot be brought in',
    restoreTitle: 'Bring lost roots of {{gns}} back',
    restoreText_one:
      'The backup of {{at}} holds {{count}} root. The hub takes it only when it has lost the root that signs, and when it can open the key.',
    restoreText_other:
      'The backup of {{at}} holds {{count}} roots. The hub takes them only when it has lost the root that signs, and when it can open the keys.',
    restoreWord: 'Bring them back',
    restored: 'The roots are back',
    rootTitle: 'Make a CA of yours the next root of {{gns}}',
    rootText:
      'It becomes the prepared root: everybody trusts it, and it signs nothing before you let it. The hub seals its key at once and never shows it again. Delete the file afterwards.',
    rootWord: 'Make it the next root',
    prepared: 'It is the next root: see the rotation above',
  },
  backupProblem: {
    tooLarge:
      'They are larger than any backup. Choose one backup, or one certificate and its key.',
    noBackup:
      'The file is no backup of an authority, or it is cut short. Choose one that was taken here.',
    otherGns:
      'The backup is of another global namespace than {{gns}}. Bring it in there.',
    noCertificate:
      'There is no certificate in them. Choose a backup (.json), or a CA certificate and its key (.pem).',
    severalCertificates:
      'There are several certificates in them. Choose the root alone: workloads trust roots only.',
    noKey:
      'There is no private key in them. Choose the file of the key as well.',
    keyForm:
      'The key has another form. Turn it into PKCS #8 without a pass phrase: openssl pkcs8 -topk8 -nocrypt.',
  },
  transition: {
    title: 'Joining and leaving',
    text: 'Members pass from the mesh to this authority in three phases, each once the one before is proven. No request between members is lost.',
    settled: 'Every member is where it shall be.',
    moving: 'Members are on their way.',
    waiting: 'Members wait; below is what for.',
    paused: 'Paused: no member changes its phase.',
    members: 'Member namespaces',
    namespace: 'Namespace',
    phase: 'Phase',
    since: 'Since',
    proof: 'Proven',
    proven: 'every pod holds what the phase gives',
    notProven: 'not every pod does yet',
    notConfigured: 'pods are not sent to the authority yet',
    closed: 'others are refused, also on open connections',
    pods: 'Pods',
    waits: 'What they wait for',
    restartHint:
      'Controllers restart what waits where the definition says restart: rolling. Else restart it with kubectl rollout restart, not within a quarter of a minute after it began to wait: istiod hears of its set-up a moment late, and pods that start before have to start once more.',
    outside: 'Callers that are no members',
    outsideText:
      'They will be refused once the members they call have left the mesh. Make them members, or give them up.',
    outsideUnknown: 'Nobody can measure who calls from outside',
    outsideNone: 'No caller from outside was measured.',
    calls: '{{caller}} calls {{member}}',
    waived: 'given up',
    waive: 'Give up the chosen callers',
    waiveTitle: 'Callers given up from now on: {{number}}. Sure?',
    waiveText:
      'They will be refused once the members they call have left the mesh. Those that you do not choose keep the members waiting.',
    waiveUnmeasured: 'Go on without a measurement',
    waiveUnmeasuredText:
      'Whoever calls from outside will be refused, and nobody can tell who that is.',
    pauseTitle: 'Pause joining and leaving?',
    pauseText:
      'No member changes its phase until it is resumed. Certificates are renewed as before.',
    resumeTitle: 'Resume joining and leaving?',
    resumeText: 'Members go on to their next phase as soon as it is proven.',
  },
  identityPhase: {
    adopt: 'adopt',
    dual: 'dual',
    isolate: 'isolate',
    release: 'release',
  },
  identityPhaseText: {
    adopt:
      'Certificates are still of the mesh; the root of this authority is trusted beside it.',
    dual: 'Certificates come from this authority; both roots are trusted.',
    isolate: 'The root of this authority alone is trusted; others are refused.',
    release: 'Certificates are of the mesh again.',
  },
  identityDirection: {
    joining: 'joins',
    member: 'member',
    leaving: 'leaves',
  },
  identityWait: {
    paused: 'it is paused',
    clusterSilent: 'the cluster is silent',
    clusterWithoutCa: 'the cluster has no issuer yet',
    namespaceTaken: 'another global namespace has this namespace',
    notReady:
      'the set-up of the namespace is not ready; its conditions say why',
    notAcknowledged: 'the cluster has not confirmed the phase yet',
    podsAwaitRestart: 'pods wait for a restart',
    podsUnknown:
      'it is not known what pods hold; they are seen when they renew',
    bundleNotHeld:
      'pods do not hold the newest roots yet; they do when they renew',
    meshLeaf: 'pods still hold certificates of the mesh',
    ownLeaf: 'pods still hold certificates of this authority',
    outsideCallers: 'callers from outside would be refused',
    callersUnknown: 'it is not known who calls from outside',
  },
  rotation: {
    title: 'Rotation of the root',
    automatic: 'The hub takes the next steps by itself, before the root ends.',
    byHand: 'A person began it, so a person takes each step.',
    paused: 'Paused: no step is taken.',
    steps: 'Steps',
    stepDone: 'done',
    stepNow: 'now',
    prepareStep: 'Prepare the next root',
    prepareStepText:
      'It is made and trusted by everybody, and signs nothing yet.',
    activateStep: 'Let it sign',
    activateStepText:
      'Issuers are made anew under it. A cross certificate lets those verify that know the old root only.',
    retireStep: 'Drop the old root',
    retireStepText: 'Nobody trusts it any more, and its key is destroyed.',
    needsProof: 'It waits for:',
    bundleClusters: 'controllers that give out the new bundle',
    bundlePods: 'pods that hold it',
    issuers: 'controllers whose issuer is under the new root',
    leaves: 'certificates under the new root',
    revoke: 'Emergency: revoke root {{number}}',
    revokeTitle: 'Revoke root {{number}} now?',
    revokeText:
      'For a key that somebody may have stolen. It leaves the bundle at once, proven or not, and cannot come back.',
    revokeReason: 'Reason',
    revokeDo: 'Revoke it',
    breaks: 'What breaks',
    breaksNothing: 'No pod is known that breaks.',
    breaksPods: 'Pods that are refused until they renew',
    breaksIssuers: 'Clusters that need a new issuer first: {{names}}',
    breaksSilent:
      'Clusters that nobody hears of go on trusting it until they are back: {{names}}',
    workload: 'Workload',
    cluster: 'Cluster',
    pods: 'Pods',
  },
  rotationAct: {
    prepare: 'Prepare the next root',
    activate: 'Let it sign',
    retire: 'Drop the old root',
    reverse: 'Reverse',
    pause: 'Pause',
    resume: 'Resume',
  },
  rotationAsk: {
    prepare: 'Prepare the next root?',
    activate: 'Let the next root sign?',
    retire: 'Drop the old root?',
    reverse: 'Reverse the rotation?',
    pause: 'Pause the rotation?',
    resume: 'Resume the rotation?',
  },
  rotationTell: {
    prepare:
      'A new root is made and given to everybody. Nothing is signed with it yet; it can be reversed.',
    activate:
      'Clusters get new issuers under the new root, and certificates follow as they renew. It can be reversed until the old root is dropped.',
    retire:
      'The old root leaves every bundle and its key is destroyed. This cannot be reversed.',
    reverse:
      'The step before is taken back: the root that signed before signs again, and the newer one is dropped once nobody needs it.',
    pause:
      'No step is taken until it is resumed, neither by the hub nor by a person.',
    resume: 'Steps may be taken again.',
  },
} as const;
