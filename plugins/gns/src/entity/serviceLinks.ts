import { type Config } from '@backstage/config';

/** A link to another tool, with places for names in its address. */
export interface ServiceLinkTemplate {
  title: string;
  url: string;
}

/** What a link can speak of. */
export interface LinkPlace {
  gns: string;
  service: string;
  host: string;
  cluster: string;
  namespace: string;
  /** Name of the Kubernetes Service. */
  kubernetesService: string;
}

const PLACES = [
  'gns',
  'service',
  'host',
  'cluster',
  'namespace',
  'kubernetesService',
] as const;

/**
 * `gns.serviceLinks` of app-config. Entries that are no http(s) address are
 * left out: an admin's typo must not become a script in a page.
 */
export function readServiceLinks(config: Config): ServiceLinkTemplate[] {
  return (config.getOptionalConfigArray('gns.serviceLinks') ?? [])
    .map(entry => ({
      title: entry.getString('title'),
      url: entry.getString('url'),
    }))
    .filter(({ url }) => /^https?:\/\/[^{}]+/i.test(url));
}

/** Whether a link differs from cluster to cluster. */
export function isPerCluster(template: ServiceLinkTemplate): boolean {
  return /\{(cluster|namespace|kubernetesService)\}/.test(template.url);
}

/** The address for one place; names are encoded, unknown places stay as they are written. */
export function fillLink(
  template: ServiceLinkTemplate,
  place: LinkPlace,
): string {
  return PLACES.reduce(
    (url, key) => url.replaceAll(`{${key}}`, encodeURIComponent(place[key])),
    template.url,
  );
}
