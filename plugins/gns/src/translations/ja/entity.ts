/** エンティティのページ */
export const entity = {
  'entity.tab': 'メッシュ',
  'entity.none': 'このエンティティはグローバルサービスを指定していません',
  'entity.noneText':
    'アノテーション {{annotation}} に <グローバル名前空間>/<サービス> と書くか、Kubernetes オブジェクトのラベルを指定してください。',
  'entity.found': 'Kubernetes オブジェクトのラベルから見つけました',
  'entity.foundText':
    'アノテーションはまだ書かれていません。ラベルが変わっても残るように、カタログファイルに書いてください:',
  'entity.hosts': '呼び出し先',
  'entity.hostsHelp': 'どのメンバー名前空間の Pod からでも呼び出せます。',
  'entity.places': '動いている場所',
  'entity.conditions': '状態',
  'entity.changes': '直近 1 時間の変更',
  'entity.noChanges': '変更はありません。',
  'entity.changesUnknown': '変更は分かりません: {{reason}}',
  'entity.changed': '{{kind}} {{name}} が変更されました',
  'entity.created': '{{kind}} {{name}} が作成されました',
  'entity.deleted': '{{kind}} {{name}} が削除されました',
  'entity.by': '{{actor}} による',
  'entity.conditionGood': '{{type}} は正常に戻りました',
  'entity.conditionBad': '{{type}}({{reason}})',
  'entity.links': 'ほかのツール',
  'entity.open': '{{gns}} で開く',
  'entity.newTab': '{{title}}(新しいタブで開きます)',
} as const;
