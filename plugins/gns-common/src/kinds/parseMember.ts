import type { Problem } from '../problems';
import {
  globalNamespaceMemberSchema,
  type GlobalNamespaceMember,
} from './GlobalNamespace';
import { problemsOfIssues } from './problemsOfIssues';

/**
 * Parses one entry of `spec.members` on its own, with defaults: for a form in
 * which the rest is not written yet. Paths start below the entry.
 */
export function parseMember(
  value: unknown,
):
  | { ok: true; member: GlobalNamespaceMember }
  | { ok: false; problems: Problem[] } {
  const parsed = globalNamespaceMemberSchema.safeParse(value);
  return parsed.success
    ? { ok: true, member: parsed.data }
    : { ok: false, problems: problemsOfIssues(parsed.error.issues, value) };
}
