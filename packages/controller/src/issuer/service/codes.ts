/**
 * gRPC status codes that the service answers with, as numbers: the core does
 * not load the gRPC library. pilot-agent tries again (five times within three
 * seconds, then for ever at its own pace) on `RESOURCE_EXHAUSTED`, `INTERNAL`
 * and `UNAVAILABLE`, and only slowly on the others
 * (istio `pkg/security/retry.go`): so a passing fault must be one of these
 * three, and a refusal none of them.
 */
export const CODE = {
  INVALID_ARGUMENT: 3,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  FAILED_PRECONDITION: 9,
  INTERNAL: 13,
  UNAVAILABLE: 14,
  UNAUTHENTICATED: 16,
} as const;

/** Why no certificate was given, for metrics. */
export type RefusalReason =
  | 'Malformed'
  | 'Token'
  | 'TokenReviewFailed'
  | 'Pod'
  | 'NotMember'
  | 'Csr'
  | 'RateLimited'
  | 'Overloaded'
  | 'NoIssuer'
  | 'TrustDomain'
  | 'Istiod'
  | 'Impersonation'
  | 'Internal';

/** An answer without a certificate; the message goes to the caller. */
export class Refusal extends Error {
  readonly name = 'Refusal';

  constructor(
    /** One of {@link CODE}, or the one that istiod answered. */
    readonly code: number,
    readonly reason: RefusalReason,
    message: string,
  ) {
    super(message);
  }
}
