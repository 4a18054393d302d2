export interface Config {
  auth?: {
    /**
     * Which settings of a provider hold. The demo's people sign in under
     * `development` only.
     * @visibility frontend
     */
    environment?: string;
  };
  /** The live demo. Refused outside development. */
  demo?: {
    /**
     * Offers three people to sign in as, without any proof.
     * @visibility frontend
     */
    personas?: boolean;
  };
  /** How people sign in to this portal when it is not the demo. */
  signIn?: {
    /**
     * Providers that are offered, among: guest, github, gitlab, google,
     * microsoft, okta, onelogin, bitbucket. By default: guest.
     * @deepVisibility frontend
     */
    providers?: string[];
    /**
     * Id of an auth provider behind an authenticating proxy, for example
     * `oauth2Proxy`; nobody is asked anything then.
     * @visibility frontend
     */
    proxy?: string;
  };
}
