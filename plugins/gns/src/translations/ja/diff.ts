/** 二つのテキストの比較 */
export const diff = {
  'diff.before': '変更前',
  'diff.after': '変更後',
  'diff.same': '違いはありません',
  'diff.counts': '{{added}} 行追加、{{removed}} 行削除',
  'diff.shownAs': '表示方法',
  'diff.one': '1 列',
  'diff.pair': '左右に並べる',
  'diff.lineIn': '{{name}}の行番号',
  'diff.unchanged_one': '変更のない {{count}} 行',
  'diff.unchanged_other': '変更のない {{count}} 行',
  'diff.added': '追加:',
  'diff.removed': '削除:',
} as const;
