/** ソフトウェアテンプレートの入力欄 */
export const scaffolder = {
  'scaffolder.gns': 'グローバル名前空間',
  'scaffolder.gnsHelp':
    'このサービスを呼び出せるようにするメンバーの範囲です。',
  'scaffolder.gnsNone':
    '閲覧できるグローバル名前空間がありません。プラットフォーム管理者に作成を依頼してください。',
  'scaffolder.cluster': 'クラスタ',
  'scaffolder.clusterHelp': 'サービスが動くメンバークラスタです。',
  'scaffolder.clusterNone':
    'メンバークラスタがありません。接続はプラットフォーム管理者が行います。',
  'scaffolder.choose': '選択…',
  'scaffolder.simulated': '{{name}}(シミュレーション)',
  'scaffolder.stale': '{{name}}(応答なし)',
  'scaffolder.loading': 'ハブに問い合わせています…',
  'scaffolder.failed': 'ハブが応答しません: {{reason}}',
  'scaffolder.preview': 'グローバル名',
  'scaffolder.previewWaits': '先にグローバル名前空間と名前を選んでください。',
  'scaffolder.previewFree':
    '{{gns}} のすべてのメンバーがこの名前で呼び出します。',
  'scaffolder.previewTaken_one':
    'この名前は既にあり、{{places}} で動いています。新しい場所が加わります。',
  'scaffolder.previewTaken_other':
    'この名前は既にあり、{{count}} か所({{places}})で動いています。新しい場所が加わります。',
  'scaffolder.previewInvalid':
    '「{{name}}」はサービス名ではありません。a-z、0-9、- を使い、英字で始めて 63 文字以内にしてください。',
} as const;
