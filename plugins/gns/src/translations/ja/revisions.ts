/** リビジョンの比較と復元 */
export const revisions = {
  'revisions.none': '戻せるリビジョン {{generation}} はありません',
  'revisions.noneText': '削除の記録であるか、履歴がそこまで残っていません。',
  'revisions.compare': '二つのリビジョンを比較',
  'revisions.from': '比較元',
  'revisions.to': '比較先',
  'revisions.option': '{{generation}}: {{actor}} が{{action}}（{{age}}）',
  'revisions.inForce': '現在有効',
  'revisions.deleted': '削除済みのため文書はありません',
  'revisions.label': 'リビジョン {{from}} から {{to}} への変更',
  'revisions.number': 'リビジョン {{generation}}',
  'revisions.restore': '復元',
  'revisions.restoreWhat': 'リビジョン {{generation}} を復元',
  'revisions.compareWhat': 'リビジョン {{generation}} を現在有効なものと比較',
  'revisions.compareShort': '比較',
  'revisions.older': 'さらに古いリビジョン',
  'revisions.read': '履歴を読む',
} as const;

/** グローバル名前空間に対する操作 */
export const gnsActions = {
  'gnsActions.more': 'その他の操作',
  'gnsActions.pause': '一時停止',
  'gnsActions.resume': '再開',
  'gnsActions.delete': '削除…',
  'gnsActions.pauseTitle': '{{title}} を一時停止しますか',
  'gnsActions.resumeTitle': '{{title}} を再開しますか',
  'gnsActions.pauseText':
    '再開するまで、どのクラスタでもオブジェクトやエンドポイントは一切変わりません。通信はそのまま続きます。',
  'gnsActions.resumeText': '待っていた変更がすぐに適用されます。',
} as const;
