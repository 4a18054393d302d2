import { type GnsAuthority } from '@isthmus/plugin-gns-common';
import { type Live, useLive } from '../../live/useLive';
import { readProblem } from '../state/readProblem';

/** The authority of a global namespace; null: it never had one. */
export function useAuthority(gns: string): Live<GnsAuthority | null> {
  return useLive<GnsAuthority | null>(
    `authority/${gns}`,
    async (api, signal) => {
      try {
        return await api.authority.get(gns, signal);
      } catch (error) {
        if (error instanceof Error && readProblem(error) === 'missing') {
          return null;
        }
        throw error;
      }
    },
    { topics: ['authorities', 'status', 'definitions'], gns },
  );
}
