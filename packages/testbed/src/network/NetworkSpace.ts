import { promises as fs } from 'node:fs';
import { removeNamespace } from '../cleanup/sweep';
import { runCommand } from '../process/runCommand';
import {
  BRIDGE,
  extraAddress,
  gatewayRange,
  NetworkAddresses,
  networkRange,
  routerAddress,
} from './addresses';
import {
  interceptionRules,
  IPTABLES_RESTORE,
  type InterceptionOptions,
} from './interception';

/** Port of east-west gateways: the only way from one network into another. */
export const GATEWAY_PORT = 15443;

/** Locally administered. */
const BRIDGE_MAC = '02:00:0a:f0:00:01';

/** One pod's place on the network. */
export interface PodSpaceOptions {
  /** Unique within the testbed. */
  name: string;
  address: string;
  network: NetworkAddresses;
  /** Lines of /etc/hosts besides localhost. */
  hosts: string[];
  /** Text of /etc/resolv.conf. */
  resolver: string;
  /** Absent for gateways, which are not intercepted. */
  interception?: InterceptionOptions;
}

/**
 * The testbed's network namespaces: one with a bridge for all control planes, and one per pod. Networks are routed
 * by the first and closed to each other, except towards gateways, as clusters in different clouds are.
 */
export class NetworkSpace {
  static async create(prefix: string): Promise<NetworkSpace> {
    const space = new NetworkSpace(prefix);
    const ns = space.controlPlane;
    await runCommand('ip', ['netns', 'add', ns]);
    await ip(ns, 'link', 'set', 'lo', 'up');
    await ip(ns, 'link', 'add', BRIDGE, 'type', 'bridge');
    // Left alone, a bridge takes its lowest port's address, and every new pod may change the routers' under the others.
    await ip(ns, 'link', 'set', BRIDGE, 'address', BRIDGE_MAC);
    await ip(ns, 'link', 'set', BRIDGE, 'up');
    await exec(ns, 'sysctl', '-qw', 'net.ipv4.ip_forward=1');
    await exec(ns, 'sysctl', '-qw', 'net.ipv4.conf.all.send_redirects=0');
    await exec(ns, 'sysctl', '-qw', `net.ipv4.conf.${BRIDGE}.send_redirects=0`);
    await runCommand('ip', ['netns', 'exec', ns, IPTABLES_RESTORE], {
      input: [
        '*filter',
        ':INPUT ACCEPT [0:0]',
        ':FORWARD DROP [0:0]',
        ':OUTPUT ACCEPT [0:0]',
        '-A FORWARD -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT',
        '-A FORWARD -j REJECT',
        'COMMIT',
        '',
      ].join('\n'),
    });
    return space;
  }

  readonly #networks = new Map<string, NetworkAddresses>();
  #extra = 0;
  #links = 0;

  private constructor(private readonly prefix: string) {}

  /** Name of the control planes' namespace. */
  get controlPlane(): string {
    return `${this.prefix}-cp`;
  }

  /** Adds an address to the bridge in the control planes' namespace. */
  async addAddress(address: string): Promise<void> {
    await ip(this.controlPlane, 'addr', 'add', `${address}/24`, 'dev', BRIDGE);
  }

  /** Adds one more address for a process of the caller. @returns the address */
  async addExtraAddress(): Promise<string> {
    const address = extraAddress(this.#extra++);
    await this.addAddress(address);
    return address;
  }

  /** The network of that name, made on first use. */
  async network(name: string): Promise<NetworkAddresses> {
    const known = this.#networks.get(name);
    if (known) return known;
    const network = new NetworkAddresses(this.#networks.size + 1);
    this.#networks.set(name, network);
    await this.addAddress(routerAddress(network.index));
    const accept = (...match: string[]) =>
      exec(
        this.controlPlane,
        ...['iptables-legacy', '-I', 'FORWARD', '1', ...match, '-j', 'ACCEPT'],
      );
    await accept(
      ...['-p', 'tcp', '--dport', `${GATEWAY_PORT}`],
      ...['-m', 'iprange', '--dst-range', gatewayRange(network.index)],
    );
    // Where br_netfilter is loaded, bridged frames pass this chain too.
    const range = networkRange(network.index);
    await accept('-s', range, '-d', range);
    return network;
  }

  /** Makes a pod's namespace, with its link, resolver files and interception. @returns the namespace's name */
  async addPod(options: PodSpaceOptions): Promise<string> {
    const { network, address } = options;
    const pod = `${this.prefix}-${options.name}`;
    const link = `p${++this.#links}`;
    const files = `/etc/netns/${pod}`;
    await fs.mkdir(files, { recursive: true });
    await fs.writeFile(
      `${files}/hosts`,
      ['127.0.0.1 localhost', ...options.hosts, ''].join('\n'),
    );
    await fs.writeFile(`${files}/resolv.conf`, options.resolver);
    await runCommand('ip', ['netns', 'add', pod]);
    await runCommand('ip', [
      ...['link', 'add', link, 'netns', this.controlPlane, 'type', 'veth'],
      ...['peer', 'name', 'eth0', 'netns', pod],
    ]);
    await ip(this.controlPlane, 'link', 'set', link, 'master', BRIDGE, 'up');
    await ip(pod, 'link', 'set', 'lo', 'up');
    const size = networkRange(network.index).split('/')[1];
    await ip(pod, 'addr', 'add', `${address}/${size}`, 'dev', 'eth0');
    await ip(pod, 'link', 'set', 'eth0', 'up');
    await ip(
      pod,
      'route',
      'add',
      'default',
      'via',
      routerAddress(network.index),
    );
    if (options.interception) {
      await runCommand('ip', ['netns', 'exec', pod, IPTABLES_RESTORE], {
        input: interceptionRules(options.interception),
      });
    }
    return pod;
  }

  /** Kills what runs in a pod's namespace and removes it. */
  async removePod(namespace: string): Promise<void> {
    await removeNamespace(namespace);
  }
}

async function ip(namespace: string, ...args: string[]): Promise<void> {
  await runCommand('ip', ['-n', namespace, ...args]);
}

async function exec(namespace: string, ...args: string[]): Promise<void> {
  await runCommand('ip', ['netns', 'exec', namespace, ...args]);
}
