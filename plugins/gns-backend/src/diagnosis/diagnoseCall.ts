import type {
  DiagnosisChain,
  Link,
  LinkName,
} from '@isthmus/plugin-gns-common';
import { earlierBroken, makeLink, type Finding } from './link';
import { dnsCapture } from './links/dnsCapture';
import { endpoints } from './links/endpoints';
import { freshness } from './links/freshness';
import { gateway } from './links/gateway';
import { hostName } from './links/hostName';
import { membership } from './links/membership';
import { mtls } from './links/mtls';
import { policies } from './links/policies';
import { trust } from './links/trust';
import type { Sifted } from './sift';
import type { Call, Server } from './types';

/** Links about who answers, in the order in which servers have to pass them. */
const SERVER_LINKS: readonly [
  LinkName,
  (call: Call, servers: readonly Server[]) => Sifted,
][] = [
  ['endpoints', call => endpoints(call)],
  ['gateway', gateway],
  ['trust', trust],
  ['mtls', mtls],
  ['policies', policies],
];

/** The chain of one caller: every link with its evidence, and the first that does not hold. Pure. */
export function diagnoseCall(call: Call): DiagnosisChain {
  const links: Link[] = [];
  const add = (link: LinkName, finding: Finding) => {
    const made = makeLink(link, finding);
    links.push(made);
    return made.state === 'ok';
  };
  const isMember = add('membership', membership(call));
  add('hostName', isMember ? hostName(call) : earlierBroken('membership'));
  add('dnsCapture', isMember ? dnsCapture(call) : earlierBroken('membership'));
  let servers = call.servers;
  for (const [link, judge] of SERVER_LINKS) {
    if (!call.service || (servers.length === 0 && link !== 'endpoints')) {
      add(link, earlierBroken(call.service ? 'endpoints' : 'hostName'));
      continue;
    }
    // Who is no member is admitted by nobody: the policies say nothing more.
    if (link === 'policies' && !isMember) {
      add(link, earlierBroken('membership'));
      continue;
    }
    const { finding, left } = judge(call, servers);
    add(link, finding);
    servers = left;
  }
  add(
    'freshness',
    freshness(
      call,
      servers.map(s => s.side),
    ),
  );
  const first =
    links.find(l => l.state === 'broken') ??
    links.find(l => l.state === 'unknown');
  return {
    caller: {
      cluster: call.caller.side.name,
      namespace: call.caller.namespace,
      workload: call.caller.workload,
    },
    answer: first ? (first.state as 'broken' | 'unknown') : 'ok',
    first: first?.link ?? null,
    links,
  };
}

const WORST: readonly DiagnosisChain['answer'][] = ['broken', 'unknown', 'ok'];

/** The worst first; else by place. */
export function byGravity(a: DiagnosisChain, b: DiagnosisChain): number {
  const place = ({ caller }: DiagnosisChain) =>
    `${caller.cluster}/${caller.namespace}/${caller.workload ?? ''}`;
  return (
    WORST.indexOf(a.answer) - WORST.indexOf(b.answer) ||
    (place(a) < place(b) ? -1 : 1)
  );
}
