import { compareText } from './order';
import type { Offer, OfferedPort } from './offers';

/** A port as all clusters agree on it. */
export interface HostPort {
  readonly number: number;
  readonly name: string;
  readonly protocol: string;
}

function portText(port: HostPort): string {
  return `${port.number} ${port.name} ${port.protocol}`;
}

function listText(ports: readonly HostPort[]): string {
  return ports.map(portText).join(', ');
}

/**
 * The ports that most clusters offer; on a tie the list that serving clusters
 * already publish, then that of the first cluster by name.
 */
export function agreedPorts(
  offers: readonly Offer[],
  serves: (offer: Offer) => boolean,
): readonly HostPort[] {
  const lists = new Map<
    string,
    {
      ports: readonly OfferedPort[];
      votes: number;
      served: number;
      first: string;
    }
  >();
  for (const offer of offers) {
    const text = listText(offer.ports);
    const list = lists.get(text) ?? {
      ports: offer.ports,
      votes: 0,
      served: 0,
      first: offer.clusterName,
    };
    list.votes += 1;
    if (serves(offer)) list.served += 1;
    if (offer.clusterName < list.first) list.first = offer.clusterName;
    lists.set(text, list);
  }
  const best = [...lists.values()].sort(
    (a, b) =>
      b.votes - a.votes || b.served - a.served || compareText(a.first, b.first),
  )[0];
  return (best?.ports ?? []).map(({ number, name, protocol }) => ({
    number,
    name,
    protocol,
  }));
}

/** True when the offer has every agreed port, alike; further ports of it stay local. */
export function hasPorts(offer: Offer, agreed: readonly HostPort[]): boolean {
  return agreed.every(port =>
    offer.ports.some(
      p =>
        p.number === port.number &&
        p.name === port.name &&
        p.protocol === port.protocol,
    ),
  );
}

/** True when the offer has exactly the agreed ports. */
export function samePorts(offer: Offer, agreed: readonly HostPort[]): boolean {
  return offer.ports.length === agreed.length && hasPorts(offer, agreed);
}

/** `80 http HTTP, 9090 grpc GRPC`, for messages. */
export function describePorts(ports: readonly HostPort[]): string {
  return listText(ports);
}
