/** Texts of the view that compares two texts. */
export const diffMessages = {
  diff: {
    before: 'Before',
    after: 'After',
    same: 'No difference',
    counts: '{{added}} lines added, {{removed}} removed',
    shownAs: 'Show as',
    one: 'One column',
    pair: 'Side by side',
    lineIn: 'Line in: {{name}}',
    unchanged_one: '{{count}} unchanged line',
    unchanged_other: '{{count}} unchanged lines',
    added: 'added:',
    removed: 'removed:',
  },
} as const;
