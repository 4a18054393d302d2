/** Texts of what moves in an authority, in Japanese. */
export const authorityMoves = {
  'moves.needs': '操作には権限 {{permission}} が必要です。',
  'moves.reason': '理由 (履歴に残ります)',
  'moves.cancel': 'キャンセル',
  'moves.failed': '実行されませんでした',
  'moves.typeName': '確認のため {{name}} と入力',
  'moves.force': '根拠がそろっていなくても実行する',
  'moves.ofClusters': '{{total}} クラスタ中 {{meeting}}',
  'moves.ofPods': '{{total}} ポッド中 {{meeting}}',
  'moves.nobody': '待つ相手はありません',
  'moves.waitingFor': '{{names}} を待っています',
  'moves.silent': '{{names}} から連絡がありません',
  'moves.pause': '一時停止',
  'moves.resume': '再開',
  'backup.title': 'バックアップと独自の CA',
  'backup.text':
    'バックアップには、ハブが封じた鍵とともにルートが入ります。鍵暗号化鍵がなければ使えないため、鍵暗号化鍵は別の場所に保管してください。',
  'backup.take': 'バックアップを取る…',
  'backup.takeTitle': '{{gns}} の認証局のバックアップ',
  'backup.takeText':
    'ハブがルートを失ったとき、このファイルで元に戻せます。ファイルと鍵暗号化鍵の両方を持つ人は、すべてのメンバーのために署名できます。誰が取ったかは履歴に残ります。',
  'backup.takeWord': 'バックアップを取る',
  'backup.taken': 'バックアップをファイルに保存しました',
  'backup.bring': 'ルートを取り込む…',
  'backup.files': 'バックアップ、または CA の証明書と鍵',
  'backup.cannot': 'これらのファイルは取り込めません',
  'backup.restoreTitle': '失われた {{gns}} のルートを元に戻す',
  'backup.restoreText_one':
    '{{at}} のバックアップには {{count}} 個のルートがあります。ハブは、署名するルートを失っていて、鍵を開けるときだけ取り込みます。',
  'backup.restoreText_other':
    '{{at}} のバックアップには {{count}} 個のルートがあります。ハブは、署名するルートを失っていて、鍵を開けるときだけ取り込みます。',
  'backup.restoreWord': '元に戻す',
  'backup.restored': 'ルートが元に戻りました',
  'backup.rootTitle': '独自の CA を {{gns}} の次のルートにする',
  'backup.rootText':
    '準備済みのルートになります。すべてが信頼しますが、許可するまで何も署名しません。ハブは鍵をすぐに封じ、二度と表示しません。後でファイルを削除してください。',
  'backup.rootWord': '次のルートにする',
  'backup.prepared':
    '次のルートになりました。上の「ルートの更新」を見てください',
  'backupProblem.tooLarge':
    '大きすぎます。バックアップを一つ、または証明書一つとその鍵を選んでください。',
  'backupProblem.noBackup':
    '認証局のバックアップではないか、途中で切れています。ここで取ったものを選んでください。',
  'backupProblem.otherGns':
    '{{gns}} とは別のグローバル名前空間のバックアップです。そちらで取り込んでください。',
  'backupProblem.noCertificate':
    '証明書がありません。バックアップ（.json）、または CA の証明書と鍵（.pem）を選んでください。',
  'backupProblem.severalCertificates':
    '証明書が複数あります。ルートだけを選んでください。ワークロードが信頼するのはルートだけです。',
  'backupProblem.noKey': '秘密鍵がありません。鍵のファイルも選んでください。',
  'backupProblem.keyForm':
    '鍵の形式が違います。パスフレーズなしの PKCS #8 に変換してください: openssl pkcs8 -topk8 -nocrypt。',
  'transition.title': '参加と離脱',
  'transition.text':
    'メンバーはメッシュからこの認証局へ三つの段階で移ります。前の段階が確認されてから次へ進み、メンバー間の要求は失われません。',
  'transition.settled': 'すべてのメンバーが目的の段階にあります。',
  'transition.moving': 'メンバーが移行中です。',
  'transition.waiting': 'メンバーが待っています。理由は下にあります。',
  'transition.paused': '一時停止中。どのメンバーも段階を変えません。',
  'transition.restartHint':
    '定義に restart: rolling とあれば、コントローラが再起動します。そうでなければ kubectl rollout restart で再起動してください。ただし、待ち始めてから 15 秒以上おいてください。istiod が設定を知るのは少し後で、それより前に起動した Pod はもう一度再起動が必要になります。',
  'transition.members': 'メンバーの名前空間',
  'transition.namespace': '名前空間',
  'transition.phase': '段階',
  'transition.since': '開始',
  'transition.proof': '確認',
  'transition.proven': 'すべてのポッドがこの段階の証明書を持っています',
  'transition.notProven': 'まだ持っていないポッドがあります',
  'transition.notConfigured': 'ポッドはまだ認証局に向けられていません',
  'transition.closed': '他者は拒否されます (開いている接続も含む)',
  'transition.pods': 'ポッド',
  'transition.waits': '待っているもの',
  'transition.outside': 'メンバーでない呼び出し元',
  'transition.outsideText':
    '呼び出し先のメンバーがメッシュを離れると拒否されます。メンバーにするか、あきらめてください。',
  'transition.outsideUnknown': '外部からの呼び出し元を測定できません',
  'transition.outsideNone': '外部からの呼び出しは測定されていません。',
  'transition.calls': '{{caller}} が {{member}} を呼び出しています',
  'transition.waived': 'あきらめた',
  'transition.waive': '選んだ呼び出し元をあきらめる',
  'transition.waiveTitle':
    '今後あきらめる呼び出し元は {{number}} 件です。よろしいですか?',
  'transition.waiveText':
    '呼び出し先のメンバーがメッシュを離れると拒否されます。選ばない呼び出し元がある間、メンバーは待ちます。',
  'transition.waiveUnmeasured': '測定なしで進める',
  'transition.waiveUnmeasuredText':
    '外部からの呼び出しは拒否されますが、それが誰かは分かりません。',
  'transition.pauseTitle': '参加と離脱を一時停止しますか?',
  'transition.pauseText':
    '再開するまで、どのメンバーも段階を変えません。証明書の更新は続きます。',
  'transition.resumeTitle': '参加と離脱を再開しますか?',
  'transition.resumeText': '確認されしだい、メンバーは次の段階へ進みます。',
  'identityPhase.adopt': '受け入れ',
  'identityPhase.dual': '併用',
  'identityPhase.isolate': '隔離',
  'identityPhase.release': '解放',
  'identityPhaseText.adopt':
    '証明書はまだメッシュのもので、この認証局のルートも信頼されます。',
  'identityPhaseText.dual':
    '証明書はこの認証局が発行し、両方のルートが信頼されます。',
  'identityPhaseText.isolate':
    'この認証局のルートだけが信頼され、他者は拒否されます。',
  'identityPhaseText.release': '証明書は再びメッシュのものです。',
  'identityDirection.joining': '参加中',
  'identityDirection.member': 'メンバー',
  'identityDirection.leaving': '離脱中',
  'identityWait.paused': '一時停止中です',
  'identityWait.clusterSilent': 'クラスタから連絡がありません',
  'identityWait.clusterWithoutCa': 'クラスタにまだ発行者がありません',
  'identityWait.namespaceTaken': '別のグローバル名前空間に属しています',
  'identityWait.notReady':
    '名前空間の準備ができていません。理由は状態に示されます',
  'identityWait.notAcknowledged': 'クラスタがまだ段階を確認していません',
  'identityWait.podsAwaitRestart': '再起動を待つポッドがあります',
  'identityWait.podsUnknown': 'ポッドが何を持つか不明です。更新時に分かります',
  'identityWait.bundleNotHeld':
    '最新のルートを持たないポッドがあります。更新時に受け取ります',
  'identityWait.meshLeaf': 'まだメッシュの証明書を持つポッドがあります',
  'identityWait.ownLeaf': 'まだこの認証局の証明書を持つポッドがあります',
  'identityWait.outsideCallers':
    '外部からの呼び出し元が拒否されることになります',
  'identityWait.callersUnknown': '外部からの呼び出し元が不明です',
  'rotation.title': 'ルートの更新',
  'rotation.automatic': 'ルートの期限前に、ハブが自動で次の段階へ進めます。',
  'rotation.byHand': '人が開始したため、各段階も人が進めます。',
  'rotation.paused': '一時停止中。段階は進みません。',
  'rotation.steps': '段階',
  'rotation.stepDone': '完了',
  'rotation.stepNow': '現在',
  'rotation.prepareStep': '次のルートを準備',
  'rotation.prepareStepText':
    '作成されて全員に信頼されますが、まだ何も署名しません。',
  'rotation.activateStep': '署名を開始',
  'rotation.activateStepText':
    '発行者が新しいルートの下に作り直されます。古いルートしか知らない相手もクロス証明書で検証できます。',
  'rotation.retireStep': '古いルートを除去',
  'rotation.retireStepText': '誰にも信頼されなくなり、鍵は破棄されます。',
  'rotation.needsProof': '待っているもの:',
  'rotation.bundleClusters': '新しいバンドルを配布するコントローラ',
  'rotation.bundlePods': 'それを持つポッド',
  'rotation.issuers': '新しいルートの下に発行者を持つコントローラ',
  'rotation.leaves': '新しいルートの下の証明書',
  'rotation.revoke': '緊急: ルート {{number}} を失効',
  'rotation.revokeTitle': 'ルート {{number}} を今すぐ失効させますか?',
  'rotation.revokeText':
    '鍵が盗まれた恐れがある場合に使います。根拠の有無にかかわらず直ちにバンドルから外れ、元に戻せません。',
  'rotation.revokeReason': '理由',
  'rotation.revokeDo': '失効させる',
  'rotation.breaks': '壊れるもの',
  'rotation.breaksNothing': '壊れるポッドは知られていません。',
  'rotation.breaksPods': '更新するまで拒否されるポッド',
  'rotation.breaksIssuers': '先に新しい発行者が必要なクラスタ: {{names}}',
  'rotation.breaksSilent':
    '連絡のないクラスタは戻るまで信頼し続けます: {{names}}',
  'rotation.workload': 'ワークロード',
  'rotation.cluster': 'クラスタ',
  'rotation.pods': 'ポッド',
  'rotationAct.prepare': '次のルートを準備',
  'rotationAct.activate': '署名を開始',
  'rotationAct.retire': '古いルートを除去',
  'rotationAct.reverse': '戻す',
  'rotationAct.pause': '一時停止',
  'rotationAct.resume': '再開',
  'rotationAsk.prepare': '次のルートを準備しますか?',
  'rotationAsk.activate': '次のルートで署名を始めますか?',
  'rotationAsk.retire': '古いルートを除去しますか?',
  'rotationAsk.reverse': '更新を戻しますか?',
  'rotationAsk.pause': '更新を一時停止しますか?',
  'rotationAsk.resume': '更新を再開しますか?',
  'rotationTell.prepare':
    '新しいルートが作られ、全員に配られます。まだ何も署名せず、戻すことができます。',
  'rotationTell.activate':
    'クラスタは新しいルートの下の発行者を受け取り、証明書は更新時に切り替わります。古いルートを除去するまで戻せます。',
  'rotationTell.retire':
    '古いルートがすべてのバンドルから外れ、鍵は破棄されます。元に戻せません。',
  'rotationTell.reverse':
    '前の段階に戻します。以前のルートが再び署名し、新しいルートは不要になると除去されます。',
  'rotationTell.pause': '再開するまで、ハブも人も段階を進めません。',
  'rotationTell.resume': '再び段階を進められます。',
};
