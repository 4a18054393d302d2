/** コピーするコマンドと文書 */
export const code = {
  'code.title': 'REST で同じことを行う',
  'code.subtitle': 'コピーできる curl と YAML',
  'code.command': 'コマンド: {{title}}',
  'code.yaml': '文書',
} as const;
