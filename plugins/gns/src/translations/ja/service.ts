/** グローバルサービスの個別ページ */
export const service = {
  'service.all': 'すべてのサービス',
  'service.missing':
    'グローバル名前空間 {{gns}} にサービス {{name}} はありません',
  'service.missingText':
    '外れたか、提供するメンバー名前空間がまだありません。一覧で現在のサービスを確認できます。',
  'service.why': '{{name}} を呼び出せない理由を調べる',
  'service.callers': '呼び出せる場所',
  'service.noCallers':
    'まだありません。どのメンバー名前空間にも伝えられていません。',
  'service.check': '経路を調べる',
  'service.checkFrom': '{{from}} からの経路を調べる',
  'service.places': 'クラスタごとのエンドポイント',
  'service.kubernetesService': 'Kubernetes のサービス',
  'service.workloads': 'ワークロード',
  'service.ready': '準備完了の Pod',
  'service.pods': 'Pod を見る',
  'service.read': 'グローバル名前空間を読む',
  'service.ownerOfGns': 'グローバル名前空間の所有者:',
  'service.noEntity':
    'カタログにこのサービスを示すコンポーネントはありません。次の注釈を付けてください:',
  'service.catalogFailed': 'カタログが応答しません: {{message}}',
} as const;
