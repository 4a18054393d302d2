/**
 * The protocols that Istio knows, by what users write (Istio, "Protocol
 * Selection"): `appProtocol` wins over the port name's prefix.
 */
const BY_NAME: ReadonlyMap<string, string> = new Map([
  ['http', 'HTTP'],
  ['http2', 'HTTP2'],
  ['grpc', 'GRPC'],
  ['grpc-web', 'GRPC-WEB'],
  ['https', 'HTTPS'],
  ['tls', 'TLS'],
  ['tcp', 'TCP'],
  ['mongo', 'MONGO'],
  ['mysql', 'MYSQL'],
  ['redis', 'REDIS'],
  ['udp', 'UDP'],
]);

const BY_KUBERNETES: ReadonlyMap<string, string> = new Map([
  ['kubernetes.io/h2c', 'HTTP2'],
  ['kubernetes.io/ws', 'HTTP'],
  ['kubernetes.io/wss', 'HTTPS'],
]);

/** Ports that Istio never takes for HTTP by sniffing. */
const SERVER_FIRST = new Set([25, 3306, 27017, 6379, 9042]);

/**
 * The Istio protocol of a Service port, in upper case. A port that names none
 * is sniffed by Istio in its own cluster; a ServiceEntry must name one, so such
 * a port counts as TCP, which carries everything.
 */
export function istioProtocol(port: {
  name: string;
  port: number;
  protocol: string;
  appProtocol?: string;
}): string {
  if (port.protocol === 'UDP' || port.protocol === 'SCTP') return port.protocol;
  const app = port.appProtocol?.toLowerCase();
  if (app) {
    const known = BY_NAME.get(app) ?? BY_KUBERNETES.get(app);
    if (known) return known;
  }
  if (SERVER_FIRST.has(port.port) && !port.name) return 'TCP';
  const name = port.name.toLowerCase();
  if (name.startsWith('grpc-web')) return 'GRPC-WEB';
  return BY_NAME.get(name.split('-')[0]) ?? 'TCP';
}
