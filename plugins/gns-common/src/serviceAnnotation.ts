import { DNS_LABEL, SERVICE_LABEL } from './dns';

/** One `<gns>/<service>` of the entity annotation. */
export interface ServiceReference {
  gns: string;
  service: string;
}

/** Longest annotation that is read, in characters, and most services in it. */
const MAX_LENGTH = 4000;
const MAX_SERVICES = 50;

/**
 * Reads the annotation `gns.isthmus.dev/service`: `<gns>/<service>[, …]`.
 * Hostile text gives `invalid` entries, shown as they are never used as names.
 */
export function parseServiceAnnotation(text: string): {
  services: ServiceReference[];
  invalid: string[];
} {
  const services: ServiceReference[] = [];
  const invalid: string[] = [];
  const parts = text.slice(0, MAX_LENGTH).split(',').slice(0, MAX_SERVICES);
  for (const part of parts.map(p => p.trim()).filter(Boolean)) {
    const [gns, service, ...rest] = part.split('/');
    if (
      rest.length === 0 &&
      DNS_LABEL.test(gns) &&
      service !== undefined &&
      SERVICE_LABEL.test(service)
    ) {
      if (!services.some(s => s.gns === gns && s.service === service)) {
        services.push({ gns, service });
      }
    } else {
      invalid.push(part.slice(0, 200));
    }
  }
  return { services, invalid };
}
