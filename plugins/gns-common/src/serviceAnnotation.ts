import { DNS_LABEL, SERVICE_LABEL } from './dns';
import { showValue } from './problems';

/** One `<gns>/<service>` of the entity annotation. */
export interface ServiceReference {
  gns: string;
  service: string;
}

/** Longest annotation that is read, in characters, and most services in it. */
const MAX_LENGTH = 4000;
const MAX_SERVICES = 50;

/** A cut in the middle of an entry would name another service: it goes as a whole. */
function withinBounds(text: string): string {
  return text.length <= MAX_LENGTH
    ? text
    : text.slice(0, Math.max(0, text.lastIndexOf(',', MAX_LENGTH)));
}

/** Shortened, hidden characters escaped. */
function showText(text: string): string {
  return showValue(text)!.replace(/^"|"$/g, '');
}

/**
 * Reads the annotation `gns.isthmus.dev/service`: `<gns>/<service>[, …]`.
 * Hostile text gives `invalid` entries, escaped to be shown, never used as names.
 */
export function parseServiceAnnotation(text: string): {
  services: ServiceReference[];
  invalid: string[];
} {
  const services: ServiceReference[] = [];
  const invalid: string[] = [];
  const parts = withinBounds(text).split(',').slice(0, MAX_SERVICES);
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
      invalid.push(showText(part));
    }
  }
  return { services, invalid };
}
