import {
  DesiredDelta,
  EnrollRequest,
  EnrollResponse,
  Epoch,
  IssuerRequest,
  IssuerResponse,
  ObservationsInput,
  ObservationsResponse,
  PublicKey,
  RekeyRequest,
  Report,
  ReportResponse,
} from '@isthmus/plugin-gns-common';

/** The newest epoch that a controller ever took. */
export interface HighestEpoch {
  epoch: Epoch;
  /** The hub's signature that came with it; absent before the first. */
  proof?: string;
}

/**
 * The hub as a controller sees it. Methods throw {@link HubError} for an answer
 * that is not 2xx, ZodError for one that breaks the contract, and other errors
 * when there was no answer.
 */
export interface Hub {
  enroll(request: EnrollRequest, signal?: AbortSignal): Promise<EnrollResponse>;
  rekey(request: RekeyRequest, signal?: AbortSignal): Promise<void>;
  /** Waits at the hub; undefined when nothing newer came up. */
  desired(
    after: Epoch,
    highest: HighestEpoch,
    signal?: AbortSignal,
  ): Promise<DesiredDelta | undefined>;
  report(
    report: Report,
    highest: HighestEpoch,
    signal?: AbortSignal,
  ): Promise<ReportResponse>;
  /** The certificate of this cluster's issuer for one global namespace. */
  issuer(request: IssuerRequest, signal?: AbortSignal): Promise<IssuerResponse>;
  /** What was measured of this cluster's traffic; what the hub lacks comes back. */
  observe(
    observations: ObservationsInput,
    signal?: AbortSignal,
  ): Promise<ObservationsResponse>;
  close(): Promise<void>;
}

/** The hub's refusal. */
export class HubError extends Error {
  readonly name = 'HubError';

  constructor(
    message: string,
    /** HTTP status code. */
    readonly status: number,
    /** Milliseconds to wait, from `Retry-After`. */
    readonly retryAfter?: number,
  ) {
    super(message);
  }
}

/** Signs tokens for this cluster; absent until enrolled. */
export interface HubCredentials {
  clusterId: string;
  hubId: string;
  key: SigningKey;
}

/** A private ES256 key as JWK. */
export interface SigningKey extends PublicKey {
  d: string;
}
