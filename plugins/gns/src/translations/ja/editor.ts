/** YAML エディター */
export const editor = {
  'editor.required': '必須',
  'editor.problems': '問題',
  'editor.noProblems': '問題はありません',
  'editor.completions': '候補',
  'editor.controlCharacter': '制御文字',
  'editor.close': '閉じる',
  'editor.line': '{{line}} 行目',
  'editor.position': '{{line}} 行、{{column}} 列',
  'editor.keys':
    'Tab で字下げ、Escape のあとに Tab で抜けます。Ctrl+Space で候補、F8 で次の問題へ移動します。',
  'editor.readOnly': '読み取り専用',
} as const;
