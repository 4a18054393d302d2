/** 診断の文。理由ごとの名前と数値から作ります。 */
export const diagnoseSentences = {
  'linkWhy.earlierBroken': '前の段が直ってから調べます。',
  'linkWhy.member': '{{cluster}} の {{namespace}} は {{gns}} のメンバーです。',
  'linkWhy.callerNotMember':
    '{{cluster}} の {{namespace}} は {{gns}} のメンバーではないため、名前を解決できず、サービスにも許可されません。',
  'linkWhy.callerAwaitingApproval':
    '{{cluster}} の {{namespace}} は承認待ちです。ほかがすでに提供しているホストを提供することになるためです。',
  'linkWhy.callerRefused':
    '{{cluster}} の {{namespace}} は拒否されたため、{{gns}} の何も提供せず、呼び出せません。',
  'linkWhy.callerOtherGns':
    '{{cluster}} の {{namespace}} は、先に選んだ別のグローバル名前空間に属しています。一つの名前空間が属せるのは一つだけです。',
  'linkWhy.callerLeaving':
    '{{cluster}} は切断中で、何のメンバーでもありません。',
  'linkWhy.targetNotMember':
    '{{cluster}} の {{namespace}} は、呼び出し元のグローバル名前空間のメンバーとして何も提供していません。',
  'linkWhy.clusterUnseen':
    '{{cluster}} は名前空間をまだ報告していないため、{{namespace}} があるかどうか分かりません。',
  'linkWhy.known': '{{host}} は {{gns}} のホストです。',
  'linkWhy.hostUnknown':
    '{{gns}} に {{host}} というホストはありません。この名前の Service を提供するメンバー名前空間がないためです。',
  'linkWhy.portUnknown':
    '{{host}} にポート {{port}} はありません。あるのは {{ports}} です。',
  'linkWhy.entryFailed':
    '{{cluster}} は {{host}} の項目を適用できませんでした: {{message}}',
  'linkWhy.entryPending':
    '{{cluster}} には {{host}} を知らせましたが、まだ適用されていません。',
  'linkWhy.notExported':
    '{{cluster}} の {{host}} の項目は {{namespace}} に公開されていません。進行中の変更の順番がまだ来ていないためです。',
  'linkWhy.hiddenBySidecar':
    '{{cluster}} の {{object}} は、ほかのホストだけをプロキシに知らせます。{{namespace}} のプロキシは {{host}} を知りません。この Sidecar は Isthmus のものではありません。',
  'linkWhy.mayBeHidden':
    '{{cluster}} の {{object}} により、{{namespace}} のプロキシが {{host}} を知らない可能性があります。Pod やポート、または報告されていない内容によります。',
  'linkWhy.sidecarsUnread':
    'Sidecar が {{cluster}} の {{namespace}} に {{host}} を隠しているか分かりません。{{cluster}} が報告していないためです。',
  'linkWhy.paused': '{{cluster}} への変更は一時停止により止まっています。',
  'linkWhy.entryUnknown':
    '{{cluster}} には {{host}} を知らせましたが、応答がないため適用されたか分かりません。',
  'linkWhy.captured':
    '呼び出し元の Pod のプロキシはグローバル名を解決できます（{{cluster}} の {{namespace}}）。',
  'linkWhy.foreignProxyConfig':
    'Pod {{pods}} 個がグローバル名を解決しません。名前空間に ProxyConfig {{proxyConfig}} があり、Istio は一つしか使わず、それは DNS キャプチャを求めていないためです。',
  'linkWhy.podsAwaitRestart':
    'Pod {{pods}} 個は DNS キャプチャが有効になる前に起動したため、まだグローバル名を解決しません。',
  'linkWhy.notInjected':
    '{{cluster}} の {{namespace}} の Pod にはプロキシがありません。',
  'linkWhy.noSidecar':
    '{{cluster}} の {{namespace}} にプロキシのある Pod がありません。注入が有効になる前に起動しています。',
  'linkWhy.ambient':
    '{{cluster}} の {{namespace}} は ambient モードで、Pod は自分のプロキシを持ちません。まだ対応していません。',
  'linkWhy.workloadUnknown':
    '{{cluster}} の {{namespace}} に {{workload}} というワークロードはありません。',
  'linkWhy.workloadsUnseen': '{{cluster}} は Pod をまだ報告していません。',
  'linkWhy.noPods':
    '{{cluster}} の {{namespace}} に、呼び出しのできる準備完了の Pod がありません。',
  'linkWhy.local':
    '{{cluster}} の {{namespace}} の準備完了 Pod {{pods}} 個が、呼び出し元と同じクラスタで {{host}} に応答します。',
  'linkWhy.remote':
    '{{cluster}} の {{namespace}} の準備完了 Pod {{pods}} 個が {{host}} に応答します。',
  'linkWhy.noReadyPods':
    '{{cluster}} の {{namespace}} で {{service}} の Pod は一つも準備できていません。',
  'linkWhy.scaledToZero':
    '{{cluster}} の {{namespace}} の Service {{service}} に Pod がありません。',
  'linkWhy.awaitingApproval':
    '{{cluster}} の {{namespace}} は承認待ちで、それまで呼び出しは送られません。',
  'linkWhy.portsDiffer':
    '{{cluster}} の {{namespace}} では {{service}} のポートがほかのクラスタと違います。',
  'linkWhy.serverEntryFailed':
    '{{cluster}} は {{host}} を提供するための項目を適用できませんでした。根拠にメッセージがあります。',
  'linkWhy.serverEntryPending':
    '{{cluster}} は {{host}} を提供することをまだ確認していません。確認されるまで呼び出しは送られません。',
  'linkWhy.drained':
    '{{cluster}} はドレイン中で、ほかのクラスタには提供されません。',
  'linkWhy.nobodyServes': '{{host}} を提供するものがありません。',
  'linkWhy.notNeeded':
    '呼び出しは {{caller}} の中で完結し、間にゲートウェイはありません。',
  'linkWhy.reachable':
    '{{caller}} は {{cluster}} のゲートウェイに到達できます。',
  'linkWhy.noGateway':
    '{{cluster}} に東西ゲートウェイがないため、外からその Pod に到達できません。',
  'linkWhy.gatewayNotReady':
    '{{cluster}} のゲートウェイに準備完了の Pod がありません。',
  'linkWhy.noAddress':
    '{{cluster}} のゲートウェイに、ほかのクラスタが接続できるアドレスがありません。',
  'linkWhy.networkUnset':
    '{{cluster}} のゲートウェイはどのネットワークにも属していないため、公開されません。',
  'linkWhy.viewsOtherNetworks':
    '{{cluster}} のゲートウェイはすべてのネットワークのエンドポイントを持つため、呼び出しが循環しかねず、公開されません。',
  'linkWhy.sameNetwork':
    '{{caller}} と {{cluster}} は同じネットワークを名乗っているため、循環を避けて何も送られません。',
  'linkWhy.unreachable':
    '{{caller}} は {{cluster}} のゲートウェイ（{{address}}）に {{since}} から到達できません。',
  'linkWhy.notMeasured':
    '{{caller}} が {{cluster}} のゲートウェイに到達できるか、まだ計測していません。',
  'linkWhy.gatewaysUnseen':
    '{{cluster}} はゲートウェイをまだ報告していません。',
  'linkWhy.sameCluster': '両方とも {{caller}} にあり、同じ認証局が署名します。',
  'linkWhy.sharedRoot':
    '{{caller}} と {{cluster}} のプロキシは共通のルートを信頼しています。',
  'linkWhy.noSharedRoot':
    '{{caller}} と {{cluster}} に共通のルート証明書がないため、プロキシは互いを拒み、何も送られません。',
  'linkWhy.issuer': '{{cluster}} は証明書を発行できません: {{message}}',
  'linkWhy.rootUnknown':
    '{{blind}} は、プロキシがどのルートを信頼しているかを報告していません。',
  'linkWhy.mutual':
    '{{cluster}} の {{namespace}} は相互 TLS だけを受け付けます。',
  'linkWhy.plainToo':
    '{{cluster}} の {{namespace}} は相互 TLS を受け付けます（モード {{mode}}）。',
  'linkWhy.mtlsDisabled':
    '{{cluster}} の {{namespace}} は相互 TLS を拒みます。PeerAuthentication {{policy}} が DISABLE ですが、グローバル名前空間の呼び出しは相互 TLS だけです。',
  'linkWhy.callerSpeaksNoMtls':
    '{{cluster}} の {{object}} により、呼び出し元は {{mode}} で通信します。{{host}} が受け付ける相互 TLS ではありません。この DestinationRule は Isthmus のものではありません。',
  'linkWhy.callerMaySpeakNoMtls':
    '{{cluster}} の {{object}} により、{{host}} の呼び出し元が相互 TLS を使わない可能性があります。Pod やポート、どの DestinationRule が古いか、または報告されていない内容によります。',
  'linkWhy.rulesUnread':
    'DestinationRule により {{cluster}} の {{namespace}} が {{host}} を相互 TLS なしで呼び出すか分かりません。{{cluster}} が報告していないためです。',
  'linkWhy.namespaceUnseen':
    '{{cluster}} は名前空間 {{namespace}} を報告していません。',
  'linkWhy.admitted':
    '{{cluster}} の {{namespace}} は {{caller}} を許可しています。',
  'linkWhy.none':
    '{{cluster}} の {{namespace}} の呼び出しを制限するポリシーはありません。',
  'linkWhy.notAdmitted':
    '{{cluster}} の {{namespace}} は {{caller}} を許可していません。進行中の変更の順番がまだ来ていないためです。',
  'linkWhy.policyFailed':
    '{{cluster}} は、{{namespace}} でメンバーを許可するポリシー {{object}} を適用できませんでした。根拠にメッセージがあります。',
  'linkWhy.policyPending':
    '{{cluster}} には {{caller}} を許可するよう知らせましたが、まだ適用されていません。',
  'linkWhy.deniedByOther':
    '{{cluster}} の {{object}} が {{caller}} を拒否しています。このポリシーは Isthmus のものではありません。',
  'linkWhy.policyUnknown':
    '{{caller}} のトラストドメインが分からないため、{{cluster}} の {{namespace}} が許可するか分かりません。',
  'linkWhy.notAllowedByOther':
    '{{cluster}} の {{object}} はほかの呼び出し元だけを許可し、{{caller}} は含まれていません。このポリシーは Isthmus のものではありません。',
  'linkWhy.mayBeRefused':
    '{{cluster}} の {{object}} は {{caller}} を拒否するかもしれません。要求しだいか、報告されていないことによります。',
  'linkWhy.policiesUnread':
    '{{cluster}} の {{namespace}} への呼び出しをほかのポリシーが拒否するか分かりません。すべては報告されていないためです。',
  'linkWhy.fresh':
    '関係するクラスタはすべて、この一分以内に報告し、指示されたものを適用しています。',
  'linkWhy.silent':
    '{{cluster}} のコントローラから応答がありません。その情報は古く、変更も届きません。',
  'linkWhy.unauthorized':
    'ハブは {{cluster}} のコントローラを拒否しています。登録したときの鍵と違うためです。',
  'linkWhy.behind': '{{cluster}} は最新の指示をまだ適用していません。',
  'linkWhy.stale':
    '{{cluster}} の最後の報告は {{since}} のもので、古くなっているかもしれません。',
  'linkFix.callerNotMember':
    '{{gns}} の spec.members に {{cluster}} の {{namespace}} を加えるか、メンバーから呼び出してください。',
  'linkFix.callerAwaitingApproval':
    '判断待ちで承認するか（POST holds/{id}/release）、spec.members にクラスタと名前空間を正確に書いてください。',
  'linkFix.callerRefused':
    '加えるには、{{gns}} の spec.members にクラスタと名前空間を正確に書いてください。',
  'linkFix.callerOtherGns': 'どちらか一方のメンバーから外してください。',
  'linkFix.callerLeaving':
    'クラスタの一覧から消えたら、もう一度登録してください。',
  'linkFix.targetNotMember':
    '呼び出し元のグローバル名前空間の spec.members に加えるか、判断待ちで承認してください。',
  'linkFix.clusterUnseen':
    '{{cluster}} のコントローラが動き、ハブに到達できるか確かめてください（GET clusters/{{cluster}}/connection）。',
  'linkFix.hostUnknown':
    '名前を確かめるか、メンバー名前空間に Service を作るか、その名前空間を spec.members に加えてください。',
  'linkFix.portUnknown':
    'あるポートを呼び出すか、提供するすべてのクラスタの Service にポートを加えてください。',
  'linkFix.entryFailed':
    '{{cluster}} でメッセージの示すものを直してください。コントローラは自動で再試行します。',
  'linkFix.entryPending':
    '少し待ってください。変わらなければ {{cluster}} のコントローラのログを見てください。',
  'linkFix.notExported': '順番を待つか、ロールアウトを進めてください。',
  'linkFix.hiddenBySidecar':
    'その egress リスナーの hosts に {{line}} を加えるか、所有者に相談してください。',
  'linkFix.mayBeHidden':
    'その egress リスナーの hosts に {{line}} があるか確かめるか、所有者に相談してください。',
  'linkFix.sidecarsUnread':
    'Sidecar を確かめ（kubectl -n {{namespace}} get sidecars）、{{cluster}} のコントローラを新しくし、sidecars の list と watch を許可してください。',
  'linkFix.paused':
    'グローバル名前空間またはクラスタ {{cluster}} の一時停止を解除してください。クラスタ内の注釈 gns.isthmus.dev/paused によることもあります。',
  'linkFix.entryUnknown': 'まずコントローラを復旧させてください。',
  'linkFix.foreignProxyConfig':
    'その environmentVariables に ISTIO_META_DNS_CAPTURE: "true" を加えるか削除し、Pod を再起動してください: kubectl -n {{namespace}} rollout restart deployment',
  'linkFix.podsAwaitRestart':
    'Pod を再起動してください: kubectl -n {{namespace}} rollout restart deployment',
  'linkFix.notInjected':
    '名前空間に istio-injection=enabled（または istio.io/rev）のラベルを付け、Pod を再起動してください: kubectl -n {{namespace}} rollout restart deployment',
  'linkFix.noSidecar':
    'Pod を再起動してください: kubectl -n {{namespace}} rollout restart deployment',
  'linkFix.ambient':
    'サイドカー注入を使ってください。istio-injection=enabled のラベルを付け、istio.io/dataplane-mode を外し、Pod を再起動します。',
  'linkFix.workloadUnknown': '名前を確かめるか、デプロイしてください。',
  'linkFix.workloadsUnseen':
    '{{cluster}} のコントローラの権限とログを確かめてください。',
  'linkFix.noPods':
    '起動するか、Pod が準備完了にならない理由を調べてください。',
  'linkFix.noReadyPods':
    'Pod を調べてください: kubectl -n {{namespace}} get pods',
  'linkFix.scaledToZero':
    'Deployment のレプリカ数を増やすか、Service のセレクタを直してください。',
  'linkFix.awaitingApproval':
    '判断待ちで承認するか（POST holds/{id}/release）、spec.members にクラスタと名前空間を正確に書いてください。',
  'linkFix.portsDiffer':
    'すべてのクラスタで、Service のポート番号、名前、プロトコルを同じにしてください。',
  'linkFix.serverEntryFailed':
    '{{cluster}} でメッセージの示すものを直してください。コントローラは自動で再試行します。',
  'linkFix.serverEntryPending':
    '少し待ってください。変わらなければ {{cluster}} のコントローラのログと、一時停止中でないかを確かめてください。',
  'linkFix.drained':
    '提供を再開してよければドレインを終えてください（POST clusters/{{cluster}}/undrain）。',
  'linkFix.nobodyServes':
    '{{gns}} のメンバー名前空間に Service をデプロイしてください。',
  'linkFix.noGateway':
    '{{cluster}} に Istio の東西ゲートウェイを入れ、その Service に topology.istio.io/network のラベルを付けてください。',
  'linkFix.gatewayNotReady': 'ゲートウェイの Deployment を調べてください。',
  'linkFix.noAddress':
    'ロードバランサを待つか、Service に外部 IP を与えてください。',
  'linkFix.networkUnset':
    'ゲートウェイと istio-system に、クラスタごとに異なる topology.istio.io/network を設定してください。',
  'linkFix.viewsOtherNetworks':
    'ゲートウェイの Pod に ISTIO_META_REQUESTED_NETWORK_VIEW を、自分のネットワーク名で設定してください。',
  'linkFix.sameNetwork':
    'クラスタごとに異なる topology.istio.io/network を設定してください。',
  'linkFix.unreachable':
    '{{caller}} のノードから {{address}} への TCP を通してください（ファイアウォール、セキュリティグループ、経路）。',
  'linkFix.notMeasured':
    '一分後にもう一度見てください。コントローラが自動で計測します。',
  'linkFix.gatewaysUnseen':
    '{{cluster}} のコントローラの権限とログを確かめてください。',
  'linkFix.noSharedRoot':
    '両方のクラスタに共通のルートの下の証明書を入れ（Istio では istio-system の Secret cacerts）、istiod とワークロードを再起動してください。または、グローバル名前空間に専用の認証局を持たせてください（authority.mode: dedicated）。その場合、共通のルートは要りません。',
  'linkFix.issuer': '{{cluster}} のコンディションが示す対処をしてください。',
  'linkFix.rootUnknown':
    'コントローラが ConfigMap istio-ca-root-cert を読めるか確かめてください。',
  'linkFix.mtlsDisabled':
    'STRICT または PERMISSIVE にするか、削除してください。',
  'linkFix.callerSpeaksNoMtls':
    'その trafficPolicy.tls を取り除くか、ISTIO_MUTUAL にするか、{{host}} を含まないように host を狭めてください。または所有者に相談してください。',
  'linkFix.callerMaySpeakNoMtls':
    'その trafficPolicy.tls を確かめてください。{{host}} には ISTIO_MUTUAL が要ります。または所有者に相談してください。',
  'linkFix.rulesUnread':
    'DestinationRule を確かめ（kubectl -n {{namespace}} get destinationrules）、{{cluster}} のコントローラを新しくし、destinationrules の list と watch を許可してください。',
  'linkFix.namespaceUnseen':
    '{{cluster}} のコントローラの権限とログを確かめてください。',
  'linkFix.notAdmitted': '順番を待つか、ロールアウトを進めてください。',
  'linkFix.policyFailed':
    '{{cluster}} でメッセージの示すものを直してください。コントローラは自動で再試行します。',
  'linkFix.policyPending':
    '少し待ってください。変わらなければ {{cluster}} のコントローラのログと、一時停止中でないかを確かめてください。',
  'linkFix.deniedByOther':
    '{{caller}} を除くようにそのルールを変えるか、所有者に相談してください。',
  'linkFix.policyUnknown':
    '{{caller}} のクラスタのコントローラが istio-system の ConfigMap istio を読めるか確かめてください。',
  'linkFix.notAllowedByOther':
    'そのルールに {{caller}} を加えるか、所有者に相談してください。',
  'linkFix.mayBeRefused': '{{object}} の内容を確かめてください。',
  'linkFix.policiesUnread':
    'ポリシーを確かめるか（kubectl -n {{namespace}} get authorizationpolicies）、{{cluster}} のコントローラを新しくし、authorizationpolicies の list と watch を許可してください。',
  'linkFix.silent':
    'コントローラが動き（kubectl -n isthmus-system get pods）、ハブに到達できるか確かめてください。詳しくは GET clusters/{{cluster}}/connection にあります。',
  'linkFix.unauthorized':
    '新しい参加トークンを作り（POST clusters/{{cluster}}/token）、それでコントローラを入れ直してください。',
  'linkFix.behind':
    '少し待ってください。変わらなければ {{cluster}} のコントローラのログを見てください。',
  'linkFix.stale':
    '一分後にもう一度見てください。応答がなければコントローラを調べてください。',
} as const;
