/** What the testbed runs. A change of one line builds or downloads that component anew, beside the old one. */
export const VERSIONS = {
  kubernetes: 'v1.34.2',
  /** Commit of 2026-08-27 on the way to Istio 1.31. */
  istio: 'v0.0.0-20260827124520-eed52ebb66ad',
  envoy: '1.40.0',
} as const;
