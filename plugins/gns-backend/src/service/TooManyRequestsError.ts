import { CustomErrorBase } from '@backstage/errors';

/** 429: a cluster, or everybody who enrols, sends faster than the hub takes. */
export class TooManyRequestsError extends CustomErrorBase {
  name = 'TooManyRequestsError' as const;
  readonly statusCode = 429;
}
