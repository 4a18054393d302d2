/** The certificate authority of the cluster's own istiod. */
export interface IstiodCa {
  /**
   * Passes a workload's request on, with its own token, to the istiod of its
   * revision; `cert_chain` of the answer. Throws Refusal with istiod's code.
   */
  createCertificate(request: {
    /** `IstioCertificateRequest`, as the workload sent it. */
    message: Buffer;
    token: string;
    clusterId?: string;
    /** '' for the default revision. */
    revision: string;
  }): Promise<string[]>;
}
