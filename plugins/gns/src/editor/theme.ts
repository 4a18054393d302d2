import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

/** Looks of the editor, from the variables of the portal: light and dark. */
const looks = EditorView.theme({
  '&': {
    height: '100%',
    color: 'var(--bui-fg-primary)',
    backgroundColor: 'var(--bui-bg-neutral-1)',
    fontSize: 'var(--bui-font-size-3)',
  },
  '&.cm-focused': {
    outline: '2px solid var(--bui-ring)',
    outlineOffset: '-2px',
  },
  '.cm-scroller': {
    fontFamily: 'var(--bui-font-monospace)',
    lineHeight: '1.55',
    overflow: 'auto',
  },
  '.cm-content': { caretColor: 'var(--bui-fg-primary)', padding: '8px 0' },
  '.cm-gutters': {
    color: 'var(--bui-fg-secondary)',
    backgroundColor: 'transparent',
    border: 'none',
  },
  '.cm-activeLine, .cm-activeLineGutter': {
    backgroundColor: 'var(--bui-bg-neutral-2)',
  },
  '.cm-matchingBracket, &.cm-focused .cm-matchingBracket': {
    backgroundColor: 'var(--bui-bg-neutral-3)',
    outline: '1px solid var(--bui-border-2)',
  },
  '.cm-tooltip': {
    maxWidth: 'min(420px, 90vw)',
    color: 'var(--bui-fg-primary)',
    backgroundColor: 'var(--bui-bg-app)',
    border: '1px solid var(--bui-border-2)',
    borderRadius: 'var(--bui-radius-2)',
    fontFamily: 'var(--bui-font-regular)',
    fontSize: 'var(--bui-font-size-2)',
  },
  '.cm-tooltip-autocomplete > ul': {
    fontFamily: 'var(--bui-font-monospace)',
  },
  '.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    color: 'var(--bui-accent-fg)',
    backgroundColor: 'var(--bui-accent-bg)',
  },
  '.cm-completionDetail': { fontStyle: 'normal', opacity: '0.85' },
  '.cm-completionInfo, .cm-help': { padding: '6px 10px', lineHeight: '1.5' },
  '.cm-diagnostic': { padding: '4px 10px' },
  '.cm-diagnostic-error': { borderLeftColor: 'var(--bui-fg-negative)' },
  '.cm-diagnostic-warning': { borderLeftColor: 'var(--bui-fg-warning)' },
  '.cm-lintRange-error, .cm-lintRange-warning': {
    backgroundImage: 'none',
    textDecorationLine: 'underline',
    textDecorationStyle: 'wavy',
    textDecorationThickness: '1px',
    textUnderlineOffset: '3px',
  },
  '.cm-lintRange-error': { textDecorationColor: 'var(--bui-fg-negative)' },
  '.cm-lintRange-warning': { textDecorationColor: 'var(--bui-fg-warning)' },
});

const colours = HighlightStyle.define([
  {
    tag: [tags.propertyName, tags.definition(tags.propertyName)],
    // The colours of the portal's theme have too little contrast in small type.
    color: 'var(--bui-fg-primary)',
    fontWeight: 'var(--bui-font-weight-bold)',
  },
  { tag: [tags.string, tags.content], color: 'var(--bui-fg-primary)' },
  { tag: tags.comment, color: 'var(--bui-fg-secondary)', fontStyle: 'italic' },
  {
    tag: [tags.separator, tags.punctuation, tags.squareBracket, tags.brace],
    color: 'var(--bui-fg-secondary)',
  },
]);

export const theme = [looks, syntaxHighlighting(colours)];
