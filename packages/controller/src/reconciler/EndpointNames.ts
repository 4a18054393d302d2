import { isIP } from 'node:net';
import { KubeObject } from '../kube/KubeApi';

/** Addresses of a host name; rejects when the lookup failed. */
export type LookUp = (hostname: string) => Promise<string[]>;

/** At most so many addresses of one name become endpoints. */
const MAX_ADDRESSES = 16;

interface Answer {
  addresses: string[];
  /** The last lookup's error, when it failed. */
  error?: string;
}

/**
 * Host names of gateways, looked up and remembered: istiod takes only IP
 * addresses in a STATIC entry. The last good answer stays while lookups fail.
 */
export class EndpointNames {
  readonly #answers = new Map<string, Answer>();

  constructor(private readonly lookUp: LookUp) {}

  /** Names that were looked up, with the error of those that fail now. */
  failures(): Array<{ hostname: string; error: string; kept: number }> {
    return [...this.#answers].flatMap(([hostname, { addresses, error }]) =>
      error ? [{ hostname, error, kept: addresses.length }] : [],
    );
  }

  /** The object with addresses in place of names. Throws nothing: unknown names are left out and told. */
  async resolve(
    object: KubeObject,
  ): Promise<{ object: KubeObject; missing: string[]; names: string[] }> {
    const spec = staticSpec(object);
    const names = spec ? namesOf(spec.endpoints) : [];
    if (!spec || names.length === 0) return { object, missing: [], names: [] };
    await Promise.all(
      names.filter(n => !this.#answers.has(n)).map(n => this.#refresh(n)),
    );
    const missing: string[] = [];
    const endpoints = spec.endpoints.flatMap(endpoint => {
      const name = nameOf(endpoint);
      if (name === undefined) return [endpoint];
      const addresses = this.#answers.get(name)?.addresses ?? [];
      if (addresses.length === 0) missing.push(name);
      return addresses.map(address => ({
        ...(endpoint as object),
        address,
        ...shareOfWeight(endpoint, addresses.length),
      }));
    });
    return {
      object: { ...object, spec: { ...spec.whole, endpoints } },
      missing: [...new Set(missing)],
      names,
    };
  }

  /** Looks every name in use up again; the names whose addresses changed. */
  async refreshAll(inUse: ReadonlySet<string>): Promise<Set<string>> {
    for (const name of this.#answers.keys()) {
      if (!inUse.has(name)) this.#answers.delete(name);
    }
    const changed = await Promise.all(
      [...inUse].map(async name => ((await this.#refresh(name)) ? [name] : [])),
    );
    return new Set(changed.flat());
  }

  async #refresh(name: string): Promise<boolean> {
    const before = this.#answers.get(name)?.addresses ?? [];
    try {
      const found = await this.lookUp(name);
      const addresses = [...new Set(found)]
        .filter(a => isIP(a) !== 0)
        .sort()
        .slice(0, MAX_ADDRESSES);
      if (addresses.length === 0) throw new Error('it has no address');
      this.#answers.set(name, { addresses });
      return addresses.join() !== before.join();
    } catch (error) {
      this.#answers.set(name, {
        addresses: before,
        error: error instanceof Error ? error.message : String(error),
      });
      return false;
    }
  }
}

interface StaticSpec {
  whole: Record<string, unknown>;
  endpoints: unknown[];
}

function staticSpec(object: KubeObject): StaticSpec | undefined {
  if (object.kind !== 'ServiceEntry') return undefined;
  const spec = object.spec as Record<string, unknown> | undefined;
  if (spec?.resolution !== 'STATIC' || !Array.isArray(spec.endpoints)) {
    return undefined;
  }
  return { whole: spec, endpoints: spec.endpoints };
}

function nameOf(endpoint: unknown): string | undefined {
  const address = (endpoint as { address?: unknown } | null)?.address;
  if (typeof address !== 'string' || isIP(address) || address.includes('/')) {
    return undefined;
  }
  return address;
}

function namesOf(endpoints: readonly unknown[]): string[] {
  return [...new Set(endpoints.flatMap(e => nameOf(e) ?? []))];
}

/** A gateway with several addresses keeps its weight as a whole. */
function shareOfWeight(
  endpoint: unknown,
  addresses: number,
): { weight?: number } {
  const weight = (endpoint as { weight?: unknown }).weight;
  if (typeof weight !== 'number') return {};
  return { weight: Math.max(1, Math.round(weight / addresses)) };
}
