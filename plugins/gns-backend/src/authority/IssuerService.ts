import { NotAllowedError } from '@backstage/errors';
import {
  issuerResponseSchema,
  issuerSubject,
  type IssuerRequest,
  type IssuerResponse,
} from '@isthmus/plugin-gns-common';
import type { ClusterRecord } from '../members/clusterRows';
import type { Audit } from '../members/enrolment';
import { AuthorityUnavailableError } from './AuthorityUnavailableError';
import { readIssuerCsr } from './certificates/readCsr';
import { buildIssuer } from './certificates/roots';
import type { RootKeys } from './RootKeys';
import { settingsOf } from './settings';
import type { AuthorityStore } from './store/AuthorityStore';
import { rootIn, type Authority } from './store/authorityRows';
import {
  insertIssuer,
  readValidIssuers,
  type IssuerRecord,
} from './store/issuerRows';

/** A certificate of the same key is given again before this share of its life is over. */
const YOUNG = 1 / 4;

/** Signs the issuers of member clusters. */
export class IssuerService {
  readonly #store: AuthorityStore;
  readonly #keys: RootKeys;
  readonly #audit: Audit;
  readonly #now: () => number;
  readonly #lifeMs: number;

  constructor(options: {
    store: AuthorityStore;
    keys: RootKeys;
    audit: Audit;
    now: () => number;
    /** Life of an issuer, milliseconds. */
    lifeMs: number;
  }) {
    this.#store = options.store;
    this.#keys = options.keys;
    this.#audit = options.audit;
    this.#now = options.now;
    this.#lifeMs = options.lifeMs;
  }

  /**
   * An issuer for the cluster whose key signed the request, and for a global
   * namespace of which it is a member.
   * @throws NotAllowedError, InputError, AuthorityUnavailableError
   */
  async issue(
    cluster: ClusterRecord,
    request: IssuerRequest,
  ): Promise<{ response: IssuerResponse; made: boolean }> {
    const { gns } = request;
    const authority = await this.#store.read(gns);
    // The same answer for "no such authority" and "no member": names of others are nobody's business.
    if (!authority?.members.some(m => m.clusterId === cluster.id)) {
      throw new NotAllowedError(
        `The cluster ${cluster.name} has no namespace in the authority of ${gns}.`,
      );
    }
    const active = rootIn(authority.roots, 'active');
    if (!active) {
      throw new AuthorityUnavailableError(
        'NotCreated',
        `The authority of ${gns} has no root that signs. Its Identity page tells why.`,
      );
    }
    const now = this.#now();
    if (Date.parse(active.notAfter) <= now) {
      throw new AuthorityUnavailableError(
        'RootExpired',
        `The root of ${gns} has expired. Activate another one.`,
      );
    }
    const { publicKey, keyId } = readIssuerCsr(request.csr, id =>
      issuerSubject({ gns, cluster: cluster.name, keyId: id }),
    );
    const young = (
      await readValidIssuers(
        this.#store.knex,
        { gns, clusterId: cluster.id },
        now,
      )
    ).find(
      known =>
        known.keyId === keyId &&
        known.rootKeyId === active.keyId &&
        isYoung(known, now),
    );
    if (young) {
      return { response: answer(authority, cluster, young), made: false };
    }
    const built = await this.#keys.sign(gns, active, root =>
      buildIssuer(
        {
          subject: issuerSubject({ gns, cluster: cluster.name, keyId }),
          keyId,
          publicKey,
          now,
          lifeMs: this.#lifeMs,
        },
        root,
      ),
    );
    const record: IssuerRecord = {
      serial: built.serial,
      gns,
      clusterId: cluster.id,
      clusterName: cluster.name,
      keyId,
      rootKeyId: active.keyId,
      certificate: built.pem,
      notBefore: built.notBefore.toISOString(),
      notAfter: built.notAfter.toISOString(),
      issuedAt: new Date(now).toISOString(),
    };
    // Written before it leaves: there is no issuer of which nobody knows.
    await this.#store.knex.transaction(async trx => {
      await insertIssuer(trx, record);
      await this.#audit(
        {
          actor: `cluster:${cluster.name}`,
          action: 'issuer-sign',
          subject: `authority:${gns}`,
          message: '',
          details: {
            serial: record.serial,
            keyId,
            rootKeyId: active.keyId,
            notAfter: record.notAfter,
          },
        },
        trx,
      );
    });
    return { response: answer(authority, cluster, record), made: true };
  }
}

function isYoung(
  { notBefore, notAfter }: { notBefore: string; notAfter: string },
  now: number,
): boolean {
  const from = Date.parse(notBefore);
  return now < from + (Date.parse(notAfter) - from) * YOUNG;
}

function answer(
  authority: Authority,
  cluster: ClusterRecord,
  issuer: IssuerRecord,
): IssuerResponse {
  const settings = settingsOf(authority, cluster.id, new Set());
  if (!settings) {
    throw new AuthorityUnavailableError(
      'NotCreated',
      `The bundle of ${authority.gns} is not made yet. Ask again.`,
    );
  }
  return issuerResponseSchema.parse({
    chain: [issuer.certificate, ...settings.issuer.crossCertificates],
    serial: issuer.serial,
    rootKeyId: issuer.rootKeyId,
    notBefore: issuer.notBefore,
    notAfter: issuer.notAfter,
    bundle: settings.bundle,
  });
}
