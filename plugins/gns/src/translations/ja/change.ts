/** 変更の意味 */
export const change = {
  'change.servicesJoin_one': '{{count}} サービスが加わります',
  'change.servicesJoin_other': '{{count}} サービスが加わります',
  'change.servicesLeave_one': '{{count}} サービスが抜けます',
  'change.servicesLeave_other': '{{count}} サービスが抜けます',
  'change.callersGain_one': '{{count}} の呼び出し元が新しいホストを使えます',
  'change.callersGain_other': '{{count}} の呼び出し元が新しいホストを使えます',
  'change.callersLose_one': '{{count}} の呼び出し元がホストを失います',
  'change.callersLose_other': '{{count}} の呼び出し元がホストを失います',
  'change.share': '呼び出しの {{share}} がクラスタをまたぎます',
  'change.shareUnknown': 'クラスタをまたぐ呼び出しの割合は不明です',
  'change.restart_one': '{{count}} Pod の再起動が必要です',
  'change.restart_other': '{{count}} Pod の再起動が必要です',
  'change.objects':
    'オブジェクト: 作成 {{create}}、変更 {{update}}、削除 {{delete}}',
  'change.nothing': '誰にも影響はありません',
  'change.perSecond': '毎秒 {{rate}} 呼び出し',
  'change.notMeasured': '呼び出しは未計測',
  'change.danger': '要注意',
  'change.warning': '注意',
  'change.info': '変更',
  'statement.serviceJoins':
    '{{host}} が新しくできます。提供クラスタ: {{clusters}}。',
  'statement.serviceLeaves':
    '{{host}} がなくなります。これまでの提供クラスタ: {{clusters}}（{{calls}}）。',
  'statement.endpointJoins':
    '{{host}} は {{cluster}} の {{namespace}} からも提供されます。',
  'statement.endpointLeaves':
    '{{host}} は {{cluster}} の {{namespace}} から提供されなくなります。',
  'statement.namespaceJoins':
    '{{cluster}} の {{namespace}} がメンバーになります（{{services}} サービス）。',
  'statement.namespaceJoinsApproved':
    '{{cluster}} の {{namespace}} がメンバーになります（{{services}} サービス）。条件に一致したもので、この変更が承認を兼ねます。',
  'statement.namespaceLeaves':
    '{{cluster}} の {{namespace}} はメンバーでなくなります。',
  'statement.callersGain': '{{callers}} が {{host}} を呼べるようになります。',
  'statement.callersLose':
    '{{callers}} は {{host}} を呼べなくなります（{{calls}}）。',
  'statement.callersStranded':
    '{{callers}} には {{host}} の名前が残りますが、到達できるクラスタのどこも提供していません（{{calls}}）。',
  'statement.callsGoAbroad':
    '{{cluster}} の呼び出し元は自クラスタの {{host}} を失い、呼び出しは他のクラスタへ向かいます（{{calls}}）。',
  'statement.crossClusterShare':
    '{{gns}} 内の呼び出しのうち {{after}} がクラスタをまたぎます。現在は {{before}} です（{{calls}}）。',
  'statement.crossClusterShareUnknown':
    '{{gns}} 内の呼び出しのうちどれだけがクラスタをまたぐかは不明です: {{why}}。',
  'statement.addressAssigned':
    '{{host}} にアドレス {{address}} が割り当てられます。',
  'statement.restartNeededDns':
    '{{cluster}} の {{namespace}} の {{pods}} Pod は、再起動後に名前を解決できます: {{workloads}}。',
  'statement.restartNeededIdentity':
    '{{cluster}} の {{namespace}} の {{pods}} Pod は、再起動まで古い証明書を使います: {{workloads}}。',
  'statement.mtlsChanges':
    '{{gns}} 内の mTLS が {{before}} から {{after}} に変わります。',
  'statement.authorityChanges':
    '{{gns}} の証明書の発行元が {{before}} から {{after}} に変わります。',
  'statement.conditionAppears':
    '次の状態が報告されるようになります: {{message}}',
  'statement.conditionEnds': '次の状態は報告されなくなります: {{message}}',
  'statement.objectsChange':
    '{{cluster}}: 作成 {{create}}、変更 {{update}}、削除 {{delete}} オブジェクト。',
  'statement.clusterSilent':
    '{{cluster}} は応答していません（{{state}}、最後の報告 {{age}}）。このクラスタについての記述はその報告に基づきます。',
  'statement.clusterNever':
    '{{cluster}} は一度も報告していないため、何もわかりません。',
  'statement.pausedGns':
    '{{name}} は一時停止中です。再開するまで何も変わりません。',
  'statement.pausedCluster':
    'クラスタ {{name}} は一時停止中です。再開するまで何も変わりません。',
  'statement.notAdmittedYet':
    '{{callers}} は、順番が後の {{by}} ではまだ許可されません。',
  'statement.drained':
    '{{cluster}} は自身のエンドポイントだけを使い、他には提供されません: {{hosts}}。',
  'statement.frozen':
    '{{cluster}} には変更が届かなくなります: {{globalNamespaces}}。',
  'statement.emptied':
    '{{cluster}} にある当方のオブジェクト {{objects}} 個がすべて削除されます。',
  'statement.nothingChanges': '誰も気づくような変更はありません。',
  'why.notMeasured': '計測されていません',
  'why.stale': '計測値が古くなっています',
  'why.partial': '一部のクラスタが計測していません',
} as const;
