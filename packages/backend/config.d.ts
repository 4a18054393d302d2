export interface Config {
  /** Settings of this portal. */
  portal?: {
    /**
     * Users and groups that may do everything, as entity references:
     * `group:default/platform`.
     */
    admins?: string[];
  };
  /** The live demo. Refused outside development. */
  demo?: {
    /**
     * Offers three people to sign in as, without any proof.
     * @visibility frontend
     */
    personas?: boolean;
  };
}
