/** Texts of the YAML editor. */
export const editorMessages = {
  editor: {
    required: 'required',
    problems: 'Problems',
    noProblems: 'No problems',
    completions: 'Suggestions',
    controlCharacter: 'Control character',
    close: 'Close',
    line: 'Line {{line}}',
    position: 'Line {{line}}, column {{column}}',
    keys: 'Tab indents; Escape, then Tab leaves. Ctrl+Space suggests, F8 goes to the next problem.',
    readOnly: 'Read only',
  },
} as const;
