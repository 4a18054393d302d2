import type {
  AuditorService,
  AuditorServiceCreateEventOptions,
} from '@backstage/backend-plugin-api';
import type { JsonObject } from '@backstage/types';

/**
 * Runs `work` as one auditor event: it succeeds and fails with the work. What
 * the work learns for the record goes into `learned`.
 */
export async function audited<T>(
  auditor: AuditorService,
  options: AuditorServiceCreateEventOptions,
  work: (learned: JsonObject) => Promise<T>,
): Promise<T> {
  const event = await auditor.createEvent(options);
  const meta: JsonObject = {};
  try {
    const answer = await work(meta);
    await event.success({ meta });
    return answer;
  } catch (error) {
    await event.fail({
      meta,
      error: error instanceof Error ? error : new Error(String(error)),
    });
    throw error;
  }
}
