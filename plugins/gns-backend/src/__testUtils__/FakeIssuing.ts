import { sign, type KeyObject } from 'node:crypto';
import {
  CertificationRequest,
  CertificationRequestInfo,
} from '@peculiar/asn1-csr';
import { AsnConvert } from '@peculiar/asn1-schema';
import { AlgorithmIdentifier, SubjectPublicKeyInfo } from '@peculiar/asn1-x509';
import {
  CA_ADDRESS,
  issuerResponseSchema,
  issuerSubject,
  type AuthoritySettings,
  type IdentityReport,
  type IssuerResponse,
} from '@isthmus/plugin-gns-common';
import { keyIdOf, spkiOf } from '../authority/certificates/keyIds';
import {
  toAsnName,
  type DistinguishedName,
} from '../authority/certificates/names';
import { toPem } from '../authority/certificates/pem';
import { newLocalKey } from '../authority/certificates/roots';
import type { FakeController } from './FakeController';

interface Held {
  readonly phase: AuthoritySettings['namespaces'][number]['phase'];
  readonly bundleEpoch: number;
  readonly leafRoot: string;
}

/** PKCS #10 of a P-256 key. */
export function csrOf(
  key: { privateKey: KeyObject; publicKey: KeyObject },
  subject: DistinguishedName,
): string {
  const info = new CertificationRequestInfo({
    version: 0,
    subject: toAsnName(subject),
    subjectPKInfo: AsnConvert.parse(
      spkiOf(key.publicKey),
      SubjectPublicKeyInfo,
    ),
  });
  const signature = sign('sha256', Buffer.from(AsnConvert.serialize(info)), {
    key: key.privateKey,
    dsaEncoding: 'der',
  });
  const request = new CertificationRequest({
    certificationRequestInfo: info,
    signatureAlgorithm: new AlgorithmIdentifier({
      algorithm: '1.2.840.10045.4.3.2',
    }),
    signature: new Uint8Array(signature).buffer,
  });
  return toPem(
    'CERTIFICATE REQUEST',
    Buffer.from(AsnConvert.serialize(request)),
  );
}

/**
 * The identity half of a controller: asks for issuers, sends pods to them as
 * the ProxyConfigs say, and reports what pods hold. One Deployment `app` with two pods per namespace.
 */
export class FakeIssuing {
  readonly issuers = new Map<string, IssuerResponse>();
  readonly #keys = new Map<string, ReturnType<typeof newLocalKey>>();
  /** By `<gns>/<namespace>`: what the pods got; absent: from their istiod alone. */
  readonly #pods = new Map<string, Held>();
  ready = true;
  /** Pods are restarted when their set-up is another one. */
  restarts = true;
  /** Pods ask again. */
  renews = true;

  constructor(
    readonly controller: FakeController,
    readonly cluster: string,
    readonly meshRoot: string,
  ) {}

  keyOf(gns: string) {
    const key = this.#keys.get(gns) ?? newLocalKey();
    this.#keys.set(gns, key);
    return key;
  }

  /** A fresh key for the next request. */
  renewKey(gns: string): void {
    this.#keys.delete(gns);
  }

  async ask(
    gns: string,
    options: { cluster?: string; csr?: string } = {},
  ): Promise<IssuerResponse> {
    const key = this.keyOf(gns);
    const csr =
      options.csr ??
      csrOf(
        key,
        issuerSubject({
          gns,
          cluster: options.cluster ?? this.cluster,
          keyId: keyIdOf(key.publicKey),
        }),
      );
    const response = await this.controller.send('POST', '/issuer', {
      token: await this.controller.token(),
      body: { gns, csr },
    });
    return issuerResponseSchema.parse(await response.json());
  }

  /** What new pods of the namespace would get from its ProxyConfig. */
  #sendsHere(namespace: string): boolean {
    return [...this.controller.objects.values()].some(
      ({ manifest }) =>
        manifest.kind === 'ProxyConfig' &&
        manifest.metadata.namespace === namespace &&
        JSON.stringify(manifest).includes(`"CA_ADDR":"${CA_ADDRESS}"`),
    );
  }

  /** Polls, asks, restarts, renews and reports, once. */
  async tick(): Promise<void> {
    await this.controller.poll(0);
    const authorities = this.controller.settings?.authorities ?? {};
    for (const [gns, settings] of Object.entries(authorities)) {
      const held = this.issuers.get(gns);
      if (held?.rootKeyId !== settings.issuer.rootKeyId) {
        this.renewKey(gns);
        this.issuers.set(gns, await this.ask(gns));
      }
    }
    await this.controller.report({ identity: this.#report(authorities) });
  }

  #report(authorities: Record<string, AuthoritySettings>): IdentityReport {
    return {
      observedAt: new Date().toISOString(),
      meshRoots: [this.meshRoot],
      authorities: Object.fromEntries(
        Object.entries(authorities).map(([gns, settings]) => [
          gns,
          this.#authority(gns, settings),
        ]),
      ),
    };
  }

  #authority(gns: string, settings: AuthoritySettings) {
    const issuer = this.issuers.get(gns);
    const workloads = settings.namespaces.map(({ name, phase }) => {
      const key = `${gns}/${name}`;
      const here = this.#sendsHere(name);
      const own = phase === 'dual' || phase === 'isolate';
      const next: Held = {
        phase,
        bundleEpoch: settings.bundle.epoch,
        leafRoot: own ? issuer?.rootKeyId ?? 'mesh' : 'mesh',
      };
      if (here && this.restarts && !this.#pods.has(key)) {
        this.#pods.set(key, next);
      }
      if (!here && this.restarts) this.#pods.delete(key);
      if (this.#pods.has(key) && this.renews) this.#pods.set(key, next);
      const held = this.#pods.get(key);
      const waits = (held !== undefined) !== (phase !== 'release');
      return {
        namespace: name,
        kind: 'Deployment',
        name: 'app',
        pods: 2,
        awaitingRestart: waits ? 2 : 0,
        unknown: 0,
        restarting: false,
        held: held && !waits ? [{ ...held, pods: 2 }] : [],
      };
    });
    return {
      bundleEpoch: settings.bundle.epoch,
      bundleRoots: settings.bundle.roots.map(r => r.keyId),
      ...(issuer
        ? {
            issuer: {
              serial: issuer.serial,
              keyId: keyIdOf(this.keyOf(gns).publicKey),
              rootKeyId: issuer.rootKeyId,
              notBefore: issuer.notBefore,
              notAfter: issuer.notAfter,
              certificate: issuer.chain[0],
            },
          }
        : {}),
      namespaces: settings.namespaces.map(({ name, phase, step }) => ({
        name,
        phase,
        step,
        ready: this.ready && issuer !== undefined,
      })),
      workloads,
    };
  }
}
