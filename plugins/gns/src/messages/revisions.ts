/** Texts of comparing and restoring revisions. */
export const revisionsMessages = {
  revisions: {
    none: 'There is no revision {{generation}} to go back to',
    noneText: 'It was a deletion, or the history does not reach that far.',
    compare: 'Compare two revisions',
    from: 'From',
    to: 'To',
    option: '{{generation}}: {{action}} {{age}} by {{actor}}',
    inForce: 'in force',
    deleted: 'Deleted: there is no document',
    label: 'From revision {{from}} to revision {{to}}',
    number: 'Revision {{generation}}',
    restore: 'Restore',
    restoreWhat: 'Restore revision {{generation}}',
    compareWhat: 'Compare revision {{generation}} with what is in force',
    compareShort: 'Compare',
    older: 'Older revisions',
    read: 'Read the history',
  },
} as const;

/** Texts of what can be done with one global namespace. */
export const gnsActionsMessages = {
  gnsActions: {
    more: 'More actions',
    pause: 'Pause',
    resume: 'Resume',
    delete: 'Delete…',
    pauseTitle: 'Pause {{title}}?',
    resumeTitle: 'Resume {{title}}?',
    pauseText:
      'Nothing of it changes in any cluster until it is resumed: no object, no endpoint. Traffic goes on as it is.',
    resumeText: 'What has waited meanwhile is applied at once.',
  },
} as const;
