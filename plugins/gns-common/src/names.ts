/**
 * Every name that a publisher may want to change stands here, once: the npm
 * scope, the label and annotation domain, and what the controller owns in a
 * member cluster.
 */

/** The npm scope of all published packages. */
export const NPM_SCOPE = '@isthmus';

/** The plugin id: routes live under `/api/gns`, tables start with `gns_`. */
export const PLUGIN_ID = 'gns';

/** The domain of labels, annotations and of our apiVersion. */
export const API_DOMAIN = 'gns.isthmus.dev';

/** The only apiVersion of definitions today. */
export const API_VERSION = `${API_DOMAIN}/v1`;

/** Kubernetes label that says who made an object; value {@link MANAGED_BY}. */
export const LABEL_MANAGED_BY = 'app.kubernetes.io/managed-by';

/** Value of {@link LABEL_MANAGED_BY} and the server-side-apply field manager. */
export const MANAGED_BY = 'isthmus';

/** Field manager of every server-side apply that we send. */
export const FIELD_MANAGER = 'isthmus';

/** Label on every object that we own: the global namespace it belongs to. */
export const LABEL_GNS = `${API_DOMAIN}/gns`;

/**
 * Label on every object that we own: the member cluster's id, so that an
 * object copied from another cluster (a restored backup, a GitOps export) is
 * not taken for our own.
 */
export const LABEL_CLUSTER = `${API_DOMAIN}/cluster`;

/** Annotation on catalog entities: `<gns>/<service>[, <gns>/<service>…]`. */
export const ANNOTATION_SERVICE = `${API_DOMAIN}/service`;

/**
 * Annotation that our catalog processor sets on entities without
 * {@link ANNOTATION_SERVICE}: the services whose Kubernetes objects carry the
 * entity's labels, in the same form. What a person wrote there is replaced.
 */
export const ANNOTATION_FOUND_SERVICES = `${API_DOMAIN}/found-services`;

/** Annotation on catalog entities that stand for a global namespace: its name. */
export const ANNOTATION_GLOBAL_NAMESPACE = `${API_DOMAIN}/global-namespace`;

/** Annotation on catalog entities that stand for a global namespace: its DNS domain. */
export const ANNOTATION_DOMAIN = `${API_DOMAIN}/domain`;

/** Annotation on catalog entities that stand for a member cluster: its name at the hub. */
export const ANNOTATION_CLUSTER = `${API_DOMAIN}/cluster`;

/**
 * Annotation on the controller's Deployment or namespace: `"true"` pauses the
 * whole cluster, a comma-separated list pauses those global namespaces.
 */
export const ANNOTATION_PAUSE = `${API_DOMAIN}/paused`;

/** The controller's namespace, service account and service in a member cluster. */
export const CONTROLLER_NAMESPACE = 'isthmus-system';
export const CONTROLLER_NAME = 'isthmus-controller';

/** Port on which the controller issues certificates (`istio.v1.auth.IstioCertificateService`). */
export const CA_PORT = 15012;

/** Address of the controller's certificate authority, as workloads dial it. */
export const CA_ADDRESS = `${CONTROLLER_NAME}.${CONTROLLER_NAMESPACE}.svc:${CA_PORT}`;

/** Our key in the ConfigMap `istio-ca-root-cert`: the root of the controller's serving certificate. */
export const CA_ROOT_KEY = 'gns-ca-root.pem';

/** Where the stock sidecar mounts that key. */
export const CA_ROOT_PATH = `/var/run/secrets/istio/${CA_ROOT_KEY}`;

/** Annotation on a pod template that the controller restarted: what for. The same purpose restarts nothing twice. */
export const ANNOTATION_RESTARTED_FOR = `${API_DOMAIN}/restarted-for`;

/** Label of a member cluster at the hub: `true` for one that is simulated, for a demo. */
export const LABEL_SIMULATED = `${API_DOMAIN}/simulated`;

/** Label that marks the controller's own state Secrets. */
export const LABEL_STATE = `${API_DOMAIN}/state`;

/** Port of an east-west gateway when its Service names none. */
export const DEFAULT_GATEWAY_PORT = 15443;

/** Prefix of the names of all objects that composition renders. */
export const OBJECT_PREFIX = 'gns';
