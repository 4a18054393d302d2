/** User whose traffic is the proxy's own, as in Istio's images. */
export const PROXY_UID = 1337;

/** What decides a pod's interception. */
export interface InterceptionOptions {
  /** Send DNS queries to the agent (istio-init's `--redirect-dns`), for pods with `ISTIO_META_DNS_CAPTURE`. */
  captureDns: boolean;
}

/**
 * The nat table of a pod in the form of iptables-restore, chain by chain what istio-init writes: inbound TCP to 15006,
 * outbound to 15001, the proxy's own traffic and loopback left alone, and a pod that calls its own address through
 * its proxy sent to the inbound side.
 */
export function interceptionRules(options: InterceptionOptions): string {
  const uid = PROXY_UID;
  const dnsExcluded = options.captureDns ? ' ! --dport 53' : '';
  const dns = options.captureDns
    ? [
        `-A OUTPUT -p udp --dport 53 -m owner --uid-owner ${uid} -j RETURN`,
        '-A OUTPUT -p udp --dport 53 -j REDIRECT --to-ports 15053',
      ]
    : [];
  const tcpDns = options.captureDns
    ? ['-A ISTIO_OUTPUT -p tcp --dport 53 -j REDIRECT --to-ports 15053']
    : [];
  return [
    '*nat',
    ':PREROUTING ACCEPT [0:0]',
    ':INPUT ACCEPT [0:0]',
    ':OUTPUT ACCEPT [0:0]',
    ':POSTROUTING ACCEPT [0:0]',
    ':ISTIO_INBOUND - [0:0]',
    ':ISTIO_IN_REDIRECT - [0:0]',
    ':ISTIO_OUTPUT - [0:0]',
    ':ISTIO_REDIRECT - [0:0]',
    '-A ISTIO_REDIRECT -p tcp -j REDIRECT --to-ports 15001',
    '-A ISTIO_IN_REDIRECT -p tcp -j REDIRECT --to-ports 15006',
    '-A PREROUTING -p tcp -j ISTIO_INBOUND',
    // Health, metrics and tunnel ports of the proxy itself.
    ...[15008, 15020, 15021, 15090].map(
      port => `-A ISTIO_INBOUND -p tcp --dport ${port} -j RETURN`,
    ),
    '-A ISTIO_INBOUND -p tcp -j ISTIO_IN_REDIRECT',
    ...dns,
    '-A OUTPUT -p tcp -j ISTIO_OUTPUT',
    // Envoy talks to the app from 127.0.0.6, so that its own traffic is not caught again.
    '-A ISTIO_OUTPUT -o lo -s 127.0.0.6/32 -j RETURN',
    `-A ISTIO_OUTPUT -o lo ! -d 127.0.0.1/32 -p tcp${dnsExcluded} -m owner --uid-owner ${uid} -j ISTIO_IN_REDIRECT`,
    `-A ISTIO_OUTPUT -o lo -p tcp${dnsExcluded} -m owner ! --uid-owner ${uid} -j RETURN`,
    `-A ISTIO_OUTPUT -m owner --uid-owner ${uid} -j RETURN`,
    ...tcpDns,
    '-A ISTIO_OUTPUT -d 127.0.0.1/32 -j RETURN',
    '-A ISTIO_OUTPUT -j ISTIO_REDIRECT',
    'COMMIT',
    '',
  ].join('\n');
}

/** The file that an iptables binary is looked for as: the kernel's older interface, which needs no nft modules. */
export const IPTABLES_RESTORE = 'iptables-legacy-restore';
