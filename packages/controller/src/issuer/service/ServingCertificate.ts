import type { experimental } from '@grpc/grpc-js';

type Provider = experimental.CertificateProvider;
type IdentityListener = Parameters<
  Provider['addIdentityCertificateListener']
>[0];

/**
 * The certificate that new TLS connections see. Connections that are open keep
 * theirs: a new one costs nobody a call.
 */
export class ServingCertificate implements Provider {
  readonly #listeners = new Set<IdentityListener>();
  #current: { certificate: Buffer; privateKey: Buffer } | undefined;

  /** PEM chain and key. */
  set(certificate: string, key: string): void {
    const next = {
      certificate: Buffer.from(certificate),
      privateKey: Buffer.from(key),
    };
    if (
      this.#current?.certificate.equals(next.certificate) &&
      this.#current.privateKey.equals(next.privateKey)
    ) {
      return;
    }
    this.#current = next;
    for (const listener of this.#listeners) listener(next);
  }

  addIdentityCertificateListener(listener: IdentityListener): void {
    this.#listeners.add(listener);
    // Not at once: the library listens to its own listener only after this returns.
    queueMicrotask(() => {
      if (this.#current && this.#listeners.has(listener)) {
        listener(this.#current);
      }
    });
  }

  removeIdentityCertificateListener(listener: IdentityListener): void {
    this.#listeners.delete(listener);
  }

  /** Clients prove who they are by token, not by certificate. */
  addCaCertificateListener(): void {}

  removeCaCertificateListener(): void {}
}
