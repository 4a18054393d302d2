/** RFC 1123 label, at most 63 characters, lower case. */
export const DNS_LABEL = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;

/** RFC 1035 label as Kubernetes Services demand: starts with a letter. */
export const SERVICE_LABEL = /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/;

/** RFC 1123 subdomain, the widest form of a Kubernetes object name; bound its length to 253 beside it. */
export const DNS_SUBDOMAIN = /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/;

/**
 * A DNS name of at least two labels whose last label is not numeric: usable
 * as a SPIFFE trust domain and under X.509 URI name constraints as well
 * (no underscore, no upper case, no trailing dot).
 */
export function isDomain(name: string): boolean {
  if (name.length > 253) return false;
  const labels = name.split('.');
  return (
    labels.length >= 2 &&
    labels.every(label => DNS_LABEL.test(label)) &&
    !/^[0-9]+$/.test(labels[labels.length - 1])
  );
}

/** True when `inner` is `outer` or lies below it. */
export function isWithinDomain(inner: string, outer: string): boolean {
  return inner === outer || inner.endsWith(`.${outer}`);
}
