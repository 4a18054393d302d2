import { createHash, randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import {
  CompactSign,
  compactVerify,
  exportJWK,
  generateKeyPair,
  importJWK,
  SignJWT,
  type KeyLike,
} from 'jose';
import {
  canonicalJson,
  CONTROLLERS_PATH,
  desiredDeltaSchema,
  desiredDigestText,
  enrollResponseSchema,
  formatEpoch,
  HIGHEST_EPOCH_HEADER,
  HIGHEST_EPOCH_PROOF_HEADER,
  observationsResponseSchema,
  publicKeySchema,
  reportResponseSchema,
  signedDigestSchema,
  ZERO_EPOCH,
  type DesiredObject,
  type DesiredSettings,
  type EnrollResponse,
  type ObservationsInput,
  type ObservationsResponse,
  type Epoch,
  type PublicKey,
  type ReportInput,
  type ReportResponse,
  type Tombstone,
} from '@isthmus/plugin-gns-common';

const sha256 = (text: string) =>
  createHash('sha256').update(text).digest('hex');

/** Thrown for every answer that is neither 200 nor 204. */
export class RefusedError extends Error {
  constructor(readonly status: number, message: string) {
    super(message);
  }
}

/**
 * A controller that keeps the contract to the letter, with real keys: it
 * checks signature and digest of every delta, and applies to a map.
 */
export class FakeController {
  identity: EnrollResponse | undefined;
  key: KeyLike | undefined;
  publicKey: PublicKey | undefined;
  readonly uid = randomUUID();
  sequence = 0;
  epoch: Epoch = ZERO_EPOCH;
  highest: Epoch = ZERO_EPOCH;
  /** The hub's signature of the highest epoch. */
  proof: string | undefined;
  objects = new Map<string, DesiredObject>();
  tombstones: Tombstone[] = [];
  settings: DesiredSettings | undefined;
  /** Reported as deleted with the next report. */
  #deleted: Tombstone[] = [];

  /** `base` is the address of the backend. */
  constructor(public base: string) {}

  async newKey(): Promise<{ key: KeyLike; publicKey: PublicKey }> {
    const pair = await generateKeyPair('ES256', { extractable: true });
    const { kty, crv, x, y } = await exportJWK(pair.publicKey);
    return {
      key: pair.privateKey as KeyLike,
      publicKey: publicKeySchema.parse({ kty, crv, x, y }),
    };
  }

  async enrol(token: string, uid = this.uid): Promise<EnrollResponse> {
    const made = await this.newKey();
    const answer = await this.send('POST', '/enroll', {
      body: {
        token,
        publicKey: made.publicKey,
        clusterUid: uid,
        controllerVersion: '0.1.0',
      },
    });
    this.identity = enrollResponseSchema.parse(await answer.json());
    this.key = made.key;
    this.publicKey = made.publicKey;
    this.sequence = 0;
    return this.identity;
  }

  async token(
    claims: {
      aud?: string;
      iss?: string;
      kid?: string;
      life?: number;
      jti?: string;
    } = {},
    key = this.key,
  ): Promise<string> {
    const { clusterId, hubId } = this.identity!;
    const now = Math.floor(Date.now() / 1000);
    return new SignJWT({})
      .setProtectedHeader({ alg: 'ES256', kid: claims.kid ?? clusterId })
      .setIssuer(claims.iss ?? clusterId)
      .setAudience(claims.aud ?? hubId)
      .setIssuedAt(now)
      .setExpirationTime(now + (claims.life ?? 240))
      .setJti(claims.jti ?? randomUUID())
      .sign(key!);
  }

  async send(
    method: string,
    path: string,
    options: {
      body?: unknown;
      token?: string;
      gzip?: boolean;
      signal?: AbortSignal;
    } = {},
  ): Promise<Response> {
    const text = JSON.stringify(options.body ?? null);
    const encoded = options.gzip ? new Uint8Array(gzipSync(text)) : text;
    const response = await fetch(
      `${this.base}/api/gns${CONTROLLERS_PATH}${path}`,
      {
        method,
        signal: options.signal,
        headers: {
          'content-type': 'application/json',
          [HIGHEST_EPOCH_HEADER]: formatEpoch(this.highest),
          ...(this.proof ? { [HIGHEST_EPOCH_PROOF_HEADER]: this.proof } : {}),
          ...(options.gzip ? { 'content-encoding': 'gzip' } : {}),
          ...(options.token
            ? { authorization: `Bearer ${options.token}` }
            : {}),
        },
        body: options.body === undefined ? undefined : encoded,
      },
    );
    if (!response.ok) {
      const answer = await response.json();
      throw new RefusedError(
        response.status,
        answer.error?.message ?? JSON.stringify(answer),
      );
    }
    return response;
  }

  async rekey(): Promise<void> {
    const next = await this.newKey();
    const proof = await new CompactSign(
      new TextEncoder().encode(
        JSON.stringify({
          clusterId: this.identity!.clusterId,
          purpose: 'rekey',
        }),
      ),
    )
      .setProtectedHeader({ alg: 'ES256' })
      .sign(next.key);
    await this.send('POST', '/rekey', {
      body: { publicKey: next.publicKey, proof },
      token: await this.token(),
    });
    this.key = next.key;
    this.publicKey = next.publicKey;
  }

  /** One report with the next number; deletions done since are told. */
  async report(over: Partial<ReportInput> = {}): Promise<ReportResponse> {
    this.sequence += 1;
    const objects = this.#deleted.map(({ key, gns }) => ({
      key,
      gns,
      state: 'deleted' as const,
    }));
    this.#deleted = [];
    const answer = await this.send('POST', '/report', {
      token: await this.token(),
      gzip: true,
      body: {
        sequence: this.sequence,
        startedAt: '2026-01-01T00:00:00.000Z',
        controllerVersion: '0.1.0',
        appliedEpoch: this.epoch,
        objects,
        ...over,
      },
    });
    return reportResponseSchema.parse(await answer.json());
  }

  /** Sends what was measured. */
  async observe(body: ObservationsInput): Promise<ObservationsResponse> {
    const answer = await this.send('POST', '/observations', {
      token: await this.token(),
      gzip: true,
      body,
    });
    return observationsResponseSchema.parse(await answer.json());
  }

  /**
   * Polls once, verifies and applies. @returns false when there was nothing newer
   * within `seconds`.
   */
  async poll(seconds = 1): Promise<boolean> {
    const response = await this.send(
      'GET',
      `/desired?after=${formatEpoch(this.epoch)}&wait=${seconds}`,
      { token: await this.token() },
    );
    if (response.status === 204) return false;
    const delta = desiredDeltaSchema.parse(await response.json());
    const objects =
      delta.base === null
        ? new Map<string, DesiredObject>()
        : new Map(this.objects);
    for (const object of delta.upserts) objects.set(object.key, object);
    for (const { key } of delta.tombstones) objects.delete(key);
    for (const key of delta.forgotten) objects.delete(key);
    const digest = sha256(
      desiredDigestText(
        { objects, tombstones: delta.tombstones, settings: delta.settings },
        object => sha256(canonicalJson(object)),
      ),
    );
    if (digest !== delta.digest) throw new Error('The digest does not agree');
    const { payload } = await compactVerify(
      delta.signature,
      await importJWK({ ...this.identity!.hubKey, alg: 'ES256' }, 'ES256'),
      { algorithms: ['ES256'] },
    );
    const signed = signedDigestSchema.parse(
      JSON.parse(new TextDecoder().decode(payload)),
    );
    const expected = {
      hub: this.identity!.hubId,
      cluster: this.identity!.clusterId,
      epoch: delta.epoch,
      digest,
    };
    for (const [name, value] of Object.entries(expected)) {
      if (canonicalJson(Object(signed)[name]) !== canonicalJson(value)) {
        throw new Error(`The signature is for another ${name}`);
      }
    }
    this.objects = objects;
    this.#deleted.push(
      ...delta.tombstones.filter(
        t => !this.tombstones.some(old => old.key === t.key),
      ),
    );
    this.tombstones = delta.tombstones;
    this.settings = delta.settings;
    this.epoch = delta.epoch;
    this.highest = delta.epoch;
    this.proof = delta.signature;
    return true;
  }

  /** Names of the objects of a kind, sorted. */
  names(kind: string): string[] {
    return [...this.objects.values()]
      .filter(o => o.manifest.kind === kind)
      .map(o => o.manifest.metadata.name)
      .sort();
  }
}
