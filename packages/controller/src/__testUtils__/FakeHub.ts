import {
  IncomingMessage,
  Server,
  ServerResponse,
  createServer,
} from 'node:http';
import { AddressInfo } from 'node:net';
import { gunzipSync, gzipSync } from 'node:zlib';
import { CompactSign, decodeProtectedHeader, importJWK, jwtVerify } from 'jose';
import {
  CONTROLLERS_PATH,
  DesiredDelta,
  DesiredObject,
  DesiredSettings,
  DesiredState,
  Epoch,
  ObjectStatus,
  PublicKey,
  Report,
  Tombstone,
  compareEpochs,
  enrollRequestSchema,
  issuerRequestSchema,
  readEpoch,
  rekeyRequestSchema,
  reportSchema,
} from '@isthmus/plugin-gns-common';
import { FakeAuthority } from './FakeAuthority';
import { digestOf } from '../hub/acceptDelta';
import { makeSigningKey, publicHalf } from '../hub/keys';
import { SigningKey } from '../hub/Hub';

interface Answer {
  status: number;
  body?: unknown;
  raw?: Buffer;
}

/** A hub in the test's own process: the whole contract, with real signatures. */
export class FakeHub {
  readonly hubId = 'hub-1';
  readonly clusterId = 'cluster-1';
  readonly key: SigningKey = makeSigningKey();
  readonly tokens = new Set<string>(['a-join-token-of-some-length']);
  readonly reports: Report[] = [];
  readonly highestSeen: string[] = [];
  /** Milliseconds that the hub's clock is ahead. */
  ahead = 0;
  wanted: string[] = [];
  identityWanted = false;
  publicKey: PublicKey | undefined;
  state: DesiredState | undefined;
  /** Answers polls in place of the hub. */
  hostile: ((after: Epoch) => Promise<Answer>) | undefined;
  polls = 0;
  /** Signs issuers, or refuses; absent: the hub knows no authorities. */
  authority: FakeAuthority | undefined;
  #before: DesiredState | undefined;
  #server: Server | undefined;
  #port = 0;
  readonly #waiting = new Set<() => void>();

  static async start(): Promise<FakeHub> {
    const hub = new FakeHub();
    await hub.listen();
    return hub;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  get lastReport(): Report | undefined {
    return this.reports.at(-1);
  }

  /** What the reports said last of an object. */
  statusOf(key: string): ObjectStatus | undefined {
    return this.reports
      .flatMap(r => r.objects)
      .filter(o => o.key === key)
      .at(-1);
  }

  async listen(): Promise<void> {
    const server = createServer((request, response) => {
      this.#answer(request).then(
        answer => this.#send(response, answer),
        error =>
          this.#send(response, {
            status: 500,
            body: { error: { message: String(error) } },
          }),
      );
    });
    await new Promise<void>(resolve => {
      server.listen(this.#port, '127.0.0.1', resolve);
    });
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    this.wake();
    await new Promise<void>(resolve => {
      if (!server) resolve();
      else {
        server.close(() => resolve());
        server.closeAllConnections();
      }
    });
  }

  /** The next desired state; polls that wait get it at once. */
  publish(next: {
    epoch: Epoch;
    objects: readonly DesiredObject[];
    tombstones?: readonly Tombstone[];
    settings?: Partial<DesiredSettings>;
  }): DesiredState {
    this.#before = this.state;
    this.state = stateOf(next);
    this.wake();
    return this.state;
  }

  wake(): void {
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }

  /** A signed answer with all of a state, or with the difference to another. */
  async sign(
    state: DesiredState,
    options: {
      base?: DesiredState;
      hub?: string;
      cluster?: string;
      key?: SigningKey;
    } = {},
  ): Promise<DesiredDelta> {
    const { base } = options;
    const digest = digestOf(state);
    const key = await importJWK(
      { ...(options.key ?? this.key), alg: 'ES256' },
      'ES256',
    );
    const signature = await new CompactSign(
      new TextEncoder().encode(
        JSON.stringify({
          hub: options.hub ?? this.hubId,
          cluster: options.cluster ?? this.clusterId,
          epoch: state.epoch,
          digest,
          iat: Math.floor(Date.now() / 1000),
        }),
      ),
    )
      .setProtectedHeader({ alg: 'ES256' })
      .sign(key);
    const tombstoned = new Set(state.tombstones.map(t => t.key));
    return {
      epoch: state.epoch,
      base: base?.epoch ?? null,
      upserts: [...state.objects.values()].filter(
        o => base?.objects.get(o.key) !== o,
      ),
      tombstones: [...state.tombstones],
      forgotten: [...(base?.objects.keys() ?? [])].filter(
        k => !state.objects.has(k) && !tombstoned.has(k),
      ),
      settings: state.settings,
      digest,
      signature,
    };
  }

  async #answer(request: IncomingMessage): Promise<Answer> {
    const url = new URL(request.url ?? '', this.url);
    const operation = url.pathname.replace(`/api/gns${CONTROLLERS_PATH}/`, '');
    const body = await readJson(request);
    if (operation === 'enroll') return this.#enroll(body);
    if (!(await this.#isMember(request))) {
      return { status: 401, body: { error: { message: 'not a member' } } };
    }
    const highest = request.headers['isthmus-highest-epoch'];
    if (typeof highest === 'string') this.highestSeen.push(highest);
    switch (operation) {
      case 'rekey':
        this.publicKey = rekeyRequestSchema.parse(body).publicKey;
        return { status: 200, body: {} };
      case 'report': {
        const report = reportSchema.parse(body);
        const last = this.lastReport?.sequence ?? 0;
        if (report.sequence < last) {
          return { status: 409, body: { error: { message: 'lower' } } };
        }
        this.reports.push(report);
        if (report.identity) this.identityWanted = false;
        return {
          status: 200,
          body: {
            acknowledged: report.sequence,
            wanted: this.wanted.splice(0),
            ...(this.identityWanted ? { identityWanted: true } : {}),
          },
        };
      }
      case 'issuer':
        if (!this.authority) return { status: 404, body: {} };
        return this.authority.answer(issuerRequestSchema.parse(body));
      case 'desired':
        return this.#desired(
          readEpoch(url.searchParams.get('after') ?? '')!,
          Number(url.searchParams.get('wait')),
        );
      default:
        return { status: 404, body: {} };
    }
  }

  #enroll(body: unknown): Answer {
    const { token, publicKey } = enrollRequestSchema.parse(body);
    if (!this.tokens.delete(token)) {
      return {
        status: 401,
        body: { error: { message: 'The token is spent' } },
      };
    }
    this.publicKey = publicKey;
    return {
      status: 200,
      body: {
        clusterId: this.clusterId,
        clusterName: 'east',
        hubId: this.hubId,
        hubKey: publicHalf(this.key),
      },
    };
  }

  async #isMember(request: IncomingMessage): Promise<boolean> {
    const token = (request.headers.authorization ?? '').replace('Bearer ', '');
    if (!this.publicKey) return false;
    try {
      const key = await importJWK({ ...this.publicKey, alg: 'ES256' }, 'ES256');
      await jwtVerify(token, key, {
        issuer: this.clusterId,
        audience: this.hubId,
        algorithms: ['ES256'],
        requiredClaims: ['iat', 'exp', 'jti'],
        maxTokenAge: 300,
        currentDate: new Date(Date.now() + this.ahead),
      });
      return decodeProtectedHeader(token).kid === this.clusterId;
    } catch {
      return false;
    }
  }

  async #desired(after: Epoch, wait: number): Promise<Answer> {
    this.polls += 1;
    if (this.hostile) return this.hostile(after);
    const { state } = this;
    if (!state || compareEpochs(state.epoch, after) <= 0) {
      await this.#wait(wait);
    }
    if (!this.state || compareEpochs(this.state.epoch, after) <= 0) {
      return { status: 304 };
    }
    const base =
      this.#before && compareEpochs(this.#before.epoch, after) === 0
        ? this.#before
        : undefined;
    return { status: 200, body: await this.sign(this.state, { base }) };
  }

  #wait(seconds: number): Promise<void> {
    return new Promise(resolve => {
      const timer = setTimeout(resolve, seconds * 1000);
      this.#waiting.add(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  #send(response: ServerResponse, answer: Answer): void {
    const date = new Date(Date.now() + this.ahead).toUTCString();
    if (answer.raw) {
      response.writeHead(answer.status, {
        date,
        'content-type': 'application/json',
      });
      response.end(answer.raw);
      return;
    }
    if (answer.body === undefined) {
      response.writeHead(answer.status, { date });
      response.end();
      return;
    }
    response.writeHead(answer.status, {
      date,
      'content-type': 'application/json',
      'content-encoding': 'gzip',
    });
    response.end(gzipSync(JSON.stringify(answer.body)));
  }
}

/** A whole desired state of objects and tombstones. */
export function stateOf(next: {
  epoch: Epoch;
  objects: readonly DesiredObject[];
  tombstones?: readonly Tombstone[];
  settings?: Partial<DesiredSettings>;
}): DesiredState {
  return {
    epoch: next.epoch,
    objects: new Map(next.objects.map(o => [o.key, o])),
    tombstones: next.tombstones ?? [],
    settings: {
      clusterName: 'east',
      paused: [],
      probes: [],
      members: {},
      ...next.settings,
    },
  };
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const raw = Buffer.concat(chunks);
  if (raw.length === 0) return undefined;
  const plain =
    request.headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw;
  return JSON.parse(plain.toString('utf8'));
}
