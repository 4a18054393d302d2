export interface Config {
  gns?: {
    /**
     * Links to other tools on the mesh tab of an entity: traces, logs, Kiali.
     * @deepVisibility frontend
     */
    serviceLinks?: Array<{
      /** What people read. */
      title: string;
      /**
       * An http(s) address; `{gns}`, `{service}`, `{host}`, `{cluster}`, `{namespace}` and `{kubernetesService}`
       * are replaced by names. With one of the last three there is a link for each cluster.
       */
      url: string;
    }>;
  };
}
