/** What these scripts say to people: short lines with a mark in front. */

const started = Date.now();

/** A step that begins, with the seconds since the start. */
export function step(text) {
  const seconds = Math.round((Date.now() - started) / 1000);
  console.log(`\u203a ${text} (${seconds} s)`);
}

export function note(text) {
  console.log(`  ${text}`);
}

/** Says what went wrong and makes the process fail once it ends. */
export function fail(text) {
  console.error(`\n\u2717 ${text}`);
  process.exitCode = 1;
}
