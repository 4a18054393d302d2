import { X509Certificate } from 'node:crypto';
import {
  IdentityPhase,
  IssueRecord,
  spiffeId,
} from '@isthmus/plugin-gns-common';
import { Logger, messageOf } from '../../logging';
import { Clock, isoTime } from '../../timing/Clock';
import { CsrRefusal } from '../core/CsrRefusal';
import { issueLeaf, refuseOtherName } from '../core/issueLeaf';
import {
  CertificateRequest,
  parseCertificateRequest,
} from '../core/parseCertificateRequest';
import { toPem } from '../der/pem';
import { Issuance } from '../journal/segment';
import {
  LoadedAuthority,
  splitBundle,
  withoutDoubles,
} from '../kept/LoadedAuthority';
import { NamespaceIssuing } from '../kept/IssuingView';
import { Caller, CallerCheck } from '../tokens/CallerCheck';
import { IstiodCa } from '../upstream/IstiodCa';
import { CODE, Refusal, RefusalReason } from './codes';
import { RateLimits } from './RateLimits';
import {
  CertificateCall,
  WireError,
  readCertificateCall,
  writeCertificateAnswer,
  writeCertificateCall,
} from './wire';

/** One request, as it came. */
export interface IncomingCall {
  /** `IstioCertificateRequest`. */
  message: Buffer;
  /** All values of the `authorization` header. */
  authorization: readonly string[];
  /** Value of the `clusterid` header; passed on to istiod, believed by nobody here. */
  clusterId?: string;
  /** Address of the caller, without port. */
  peer?: string;
  /** Whether the caller went away. */
  isGone(): boolean;
}

export interface CertificateServiceOptions {
  callers: Pick<CallerCheck, 'identify'>;
  limits: Pick<RateLimits, 'exceeded'>;
  /** What a namespace's pods are given; undefined: it is no member. */
  issuingFor(namespace: string): NamespaceIssuing | undefined;
  istiod: IstiodCa;
  clock: Pick<Clock, 'now'>;
  logger: Logger;
  /** A certificate is on its way to a pod. */
  onIssued(issuance: Issuance): void;
  onRefused(reason: RefusalReason): void;
}

/** `istio.v1.auth.IstioCertificateService/CreateCertificate`, without its transport. */
export class CertificateService {
  readonly #options: CertificateServiceOptions;

  static create(options: CertificateServiceOptions): CertificateService {
    return new CertificateService(options);
  }

  private constructor(options: CertificateServiceOptions) {
    this.#options = options;
  }

  /** `IstioCertificateResponse`. Throws {@link Refusal}. */
  async answer(incoming: IncomingCall): Promise<Buffer> {
    try {
      return await this.#answer(incoming);
    } catch (error) {
      const refusal = this.#refusalOf(error);
      this.#options.onRefused(refusal.reason);
      this.#options.logger.debug(`certificate refused: ${refusal.message}`);
      throw refusal;
    }
  }

  async #answer(incoming: IncomingCall): Promise<Buffer> {
    const call = readCertificateCall(incoming.message);
    // Before the API server is asked: what is malformed costs nothing there.
    const request = parseCertificateRequest(call.csr);
    const caller = await this.#options.callers.identify(
      incoming.authorization,
      incoming,
    );
    if (call.metadata.has('ImpersonatedIdentity')) {
      throw new Refusal(
        CODE.PERMISSION_DENIED,
        'Impersonation',
        'Ambient mode is not supported: nobody may ask for the identity of another',
      );
    }
    const { authority, phase, step, identity } = this.#authorize(caller);
    const exceeded = this.#options.limits.exceeded(caller);
    if (exceeded) {
      throw new Refusal(
        CODE.RESOURCE_EXHAUSTED,
        'RateLimited',
        `Too many certificates for this ${exceeded}; try again later`,
      );
    }
    const { chain, issuance } =
      phase === 'adopt' || phase === 'release'
        ? await this.#passOn(incoming, call, request, {
            caller,
            authority,
            identity,
          })
        : this.#issue(call, request, { caller, authority, identity, phase });
    // Nobody holds what nobody received.
    if (!incoming.isGone())
      this.#options.onIssued({ ...issuance, phase, step });
    return writeCertificateAnswer(chain);
  }

  /** Who the caller is in which global namespace. */
  #authorize(caller: Caller) {
    const { namespace, serviceAccount } = caller;
    const issuing = this.#options.issuingFor(namespace);
    if (!issuing) {
      throw new Refusal(
        CODE.PERMISSION_DENIED,
        'NotMember',
        `Namespace ${namespace} is a member of no global namespace with an authority of its own`,
      );
    }
    const { trustDomain } = issuing.authority;
    if (!trustDomain) {
      throw new Refusal(
        CODE.UNAVAILABLE,
        'TrustDomain',
        'The trust domain of the mesh is not known yet',
      );
    }
    return {
      ...issuing,
      identity: spiffeId(trustDomain, namespace, serviceAccount),
    };
  }

  #issue(
    call: CertificateCall,
    request: CertificateRequest,
    to: {
      caller: Caller;
      authority: LoadedAuthority;
      identity: string;
      phase: IdentityPhase;
    },
  ): { chain: string[]; issuance: IssueRecord } {
    const { caller, authority, identity } = to;
    const { issuer, leafTtl } = authority;
    const now = this.#options.clock.now();
    if (!issuer || issuer.notAfter <= now) {
      throw new Refusal(
        CODE.UNAVAILABLE,
        'NoIssuer',
        `The issuer of ${authority.gns} in this cluster cannot sign: ${
          issuer ? 'it has expired' : authority.issuerFault
        }`,
      );
    }
    const notAfter = Math.min(now + lifeOf(call, leafTtl), issuer.notAfter);
    const leaf = issueLeaf(issuer.template, issuer.certificate, request, {
      spiffeId: identity,
      now,
      notAfter,
    });
    const { bundles } = authority;
    return {
      chain: [
        toPem('CERTIFICATE', leaf.der),
        issuer.pem,
        ...authority.crossCertificates,
        to.phase === 'isolate' ? bundles.isolated : bundles.shared,
      ],
      issuance: {
        ...recordOf(caller, authority, identity),
        serial: leaf.serial,
        issuerKeyId: issuer.keyId,
        rootKeyId: issuer.rootKeyId,
        issuedAt: isoTime(now),
        notAfter: isoTime(Math.floor(notAfter / 1000) * 1000),
      },
    };
  }

  /**
   * In `adopt` the leaf is istiod's; the bundle is ours already. It lives no
   * longer than ours would, whatever the pod asks for: it holds the next phase's after half of that.
   */
  async #passOn(
    incoming: IncomingCall,
    call: CertificateCall,
    request: CertificateRequest,
    to: { caller: Caller; authority: LoadedAuthority; identity: string },
  ): Promise<{ chain: string[]; issuance: IssueRecord }> {
    const { caller, authority, identity } = to;
    refuseOtherName(request, identity);
    const chain = await this.#options.istiod.createCertificate({
      message: writeCertificateCall({
        csr: call.csr,
        validitySeconds: Math.ceil(lifeOf(call, authority.leafTtl) / 1000),
        metadata: Object.fromEntries(call.metadata),
      }),
      token: caller.token,
      clusterId: incoming.clusterId,
      revision: caller.revision,
    });
    const roots = splitBundle(chain.at(-1) ?? '');
    if (chain.length < 2 || roots.length === 0) {
      throw new Refusal(
        CODE.UNAVAILABLE,
        'Istiod',
        'istiod answered without a certificate or without a root',
      );
    }
    const leaf = readLeaf(chain[0]);
    return {
      chain: [
        ...chain.slice(0, -1),
        withoutDoubles([
          ...roots,
          ...splitBundle(authority.bundles.shared),
        ]).join(''),
      ],
      issuance: {
        ...recordOf(caller, authority, leaf.spiffeId ?? identity),
        serial: leaf.serial,
        issuerKeyId: null,
        rootKeyId: null,
        issuedAt: isoTime(this.#options.clock.now()),
        notAfter: isoTime(leaf.notAfter),
      },
    };
  }

  #refusalOf(error: unknown): Refusal {
    if (error instanceof Refusal) return error;
    if (error instanceof CsrRefusal) {
      return new Refusal(
        error.reason === 'Name'
          ? CODE.PERMISSION_DENIED
          : CODE.INVALID_ARGUMENT,
        'Csr',
        error.message,
      );
    }
    if (error instanceof WireError) {
      return new Refusal(
        CODE.INVALID_ARGUMENT,
        'Malformed',
        `The request is no IstioCertificateRequest: ${error.message}`,
      );
    }
    this.#options.logger.error(`certificate: ${messageOf(error)}`);
    return new Refusal(
      CODE.INTERNAL,
      'Internal',
      'The certificate could not be made; the log of the controller says why',
    );
  }
}

/** What is asked for, at most `leafTtl`; milliseconds. */
function lifeOf({ validitySeconds }: CertificateCall, leafTtl: number): number {
  return validitySeconds > 0
    ? Math.min(validitySeconds * 1000, leafTtl)
    : leafTtl;
}

function recordOf(caller: Caller, authority: LoadedAuthority, id: string) {
  return {
    gns: authority.gns,
    namespace: caller.namespace,
    serviceAccount: caller.serviceAccount,
    pod: caller.pod,
    podUid: caller.podUid,
    spiffeId: id,
    bundleEpoch: authority.bundleEpoch,
  };
}

/** What the journal needs of istiod's leaf. Throws {@link Refusal}. */
function readLeaf(pem: string) {
  try {
    const leaf = new X509Certificate(pem);
    const serial = leaf.serialNumber.toLowerCase();
    return {
      serial: serial.length % 2 === 0 ? serial : `0${serial}`,
      notAfter: leaf.validToDate.getTime(),
      spiffeId: /^URI:(spiffe:\/\/[!-~]+)$/.exec(
        leaf.subjectAltName ?? '',
      )?.[1],
    };
  } catch (error) {
    throw new Refusal(
      CODE.UNAVAILABLE,
      'Istiod',
      `istiod answered with a certificate that cannot be read: ${messageOf(
        error,
      )}`,
    );
  }
}
