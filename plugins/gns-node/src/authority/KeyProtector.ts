/** State of a key protector, asked often: it must answer within a second or two. */
export interface KeyProtectorStatus {
  /** Whether `wrap` works now. `unwrap` may still work for some keys when it does not. */
  healthy: boolean;
  /** Id of the key that `wrap` uses now; absent: there is none. */
  keyId?: string;
  /** Ids of all keys that can unwrap, `keyId` first; absent: it cannot tell. */
  keyIds?: string[];
  /** The key is known to others (a default for development): production refuses to work with it. */
  development?: boolean;
  /** Why it is not healthy, with the remedy, as one sentence; never a secret. */
  message?: string;
}

/** A data key as a protector wrapped it. */
export interface WrappedKey {
  /** The key-encryption key that was used: `unwrap` gets it back. */
  keyId: string;
  /** Opaque, at most 4 KiB. */
  wrapped: Uint8Array;
}

/**
 * A key that never leaves its holder (a KMS, an HSM). `reference` names it and
 * is chosen by the hub before it exists, so that a crash in between leaves no
 * key without a name.
 */
export interface RemoteSigner {
  /** Makes the key, or finds it when an earlier call made it already. P-256. @returns its SubjectPublicKeyInfo, DER */
  createKey(reference: string): Promise<Uint8Array>;
  /** ECDSA with SHA-256 over `bytes`. @returns the signature, DER */
  sign(reference: string, bytes: Uint8Array): Promise<Uint8Array>;
  /** Destroys the key, or schedules it; no error when it is gone. */
  destroyKey(reference: string): Promise<void>;
}

/**
 * Protects the keys of certificate authorities: wraps the data key of each
 * row (envelope encryption, after the KMS plugins of Kubernetes), and may sign with
 * keys of its own. Every method may reject; the hub then answers 503 for what
 * needed it, and nothing else changes.
 *
 * `context` is authenticated, not secret: what was wrapped with one context must not
 * unwrap with another.
 */
export interface KeyProtector {
  /** Stands in rows and in answers: `config`, `aws-kms`. Lower-case letters, digits and `-`; never changes. */
  readonly id: string;
  status(): Promise<KeyProtectorStatus>;
  wrap(dataKey: Uint8Array, context: string): Promise<WrappedKey>;
  /** @throws when the key is not there, or the bytes were not wrapped with it and this context */
  unwrap(wrapped: WrappedKey, context: string): Promise<Uint8Array>;
  /** Present: new roots are keys that never leave it. */
  readonly signer?: RemoteSigner;
}
