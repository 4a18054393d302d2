import { X509Certificate } from 'node:crypto';
import { MemberCluster } from '../../__testUtils__/MemberCluster';
import { silentLogger } from '../../logging';
import { CaClient, CaRequest } from '../__testUtils__/CaClient';
import { TestPod, TestWorkloads } from '../__testUtils__/TestWorkloads';
import {
  authoritySettings,
  issuerRecord,
  issuerSecret,
  issuingSecret,
} from '../__testUtils__/authoritySettings';
import { makeAuthority } from '../__testUtils__/testIssuer';
import { toPem } from '../der/pem';
import { Issuance } from '../journal/segment';
import { IssuingView } from '../kept/IssuingView';
import {
  makeServingCertificate,
  makeServingRoot,
} from '../serving/servingKeys';
import { CallerCheck } from '../tokens/CallerCheck';
import { GrpcIstiod } from '../upstream/GrpcIstiod';
import {
  CertificateService,
  CertificateServiceOptions,
} from './CertificateService';
import { GrpcServer } from './GrpcServer';
import { DEFAULT_RATES, RateLimits } from './RateLimits';
import { ServingCertificate } from './ServingCertificate';
import { CODE, Refusal } from './codes';
import {
  readCertificateCall,
  writeCertificateAnswer,
  writeCertificateCall,
} from './wire';

jest.setTimeout(60_000);

const DAY = 86_400_000;
const NAME = 'isthmus-controller.isthmus-system.svc';
const id = (namespace: string, account: string) =>
  `spiffe://cluster.local/ns/${namespace}/sa/${account}`;

const root = makeAuthority({ name: 'shop root R1', pathLength: 2 });
const bankRoot = makeAuthority({ name: 'bank root R1', pathLength: 2 });
const meshRoot = makeAuthority({ name: 'mesh root', pathLength: 2 });
const otherMesh = makeAuthority({ name: 'mesh root of west', pathLength: 2 });
const issuer = makeAuthority({ name: 'shop east', parent: root });
const bankIssuer = makeAuthority({ name: 'bank east', parent: bankRoot });
const istiodIssuer = makeAuthority({ name: 'istiod', parent: meshRoot });

const valid = () => ({
  notBefore: Date.now() - 60_000,
  notAfter: Date.now() + DAY,
});
const servingRoot = makeServingRoot(valid());

describe('the certificate service', () => {
  let cluster: MemberCluster;
  let workloads: TestWorkloads;
  let view: IssuingView;
  let server: GrpcServer;
  let istiod: GrpcServer;
  let istiodCa: GrpcIstiod;
  let serving: ServingCertificate;
  let client: CaClient;
  let web: TestPod;
  let now = () => Date.now();
  const issued: Issuance[] = [];
  const refused: string[] = [];
  /** What istiod saw, and what it answers. */
  const upstream = {
    calls: [] as Array<{ authorization: string; clusterId?: string }>,
    answer: async (_message: Buffer): Promise<Buffer> => Buffer.alloc(0),
  };

  const service = (over: Partial<CertificateServiceOptions> = {}) =>
    CertificateService.create({
      callers: CallerCheck.create({ kube: cluster.api(), now: () => now() }),
      limits: new RateLimits(DEFAULT_RATES, { now: () => now() }),
      issuingFor: namespace => view.forNamespace(namespace),
      istiod: istiodCa,
      clock: { now: () => now() },
      logger: silentLogger,
      onIssued: issuance => issued.push(issuance),
      onRefused: reason => refused.push(reason),
      ...over,
    });

  const serve = (
    answering: Pick<CertificateService, 'answer'>,
    name: string,
  ) => {
    const certificate = new ServingCertificate();
    const { certificate: pem, key } = makeServingCertificate(
      servingRoot,
      [name],
      valid(),
    );
    certificate.set(pem, key);
    return GrpcServer.start({
      listen: '127.0.0.1:0',
      serving: certificate,
      service: answering,
      logger: silentLogger,
    });
  };

  beforeAll(async () => {
    cluster = await MemberCluster.start();
    workloads = new TestWorkloads(cluster.server);
    web = await workloads.start('shop-web', 'web');
    istiod = await serve(
      {
        answer: async ({ message, authorization, clusterId }) => {
          upstream.calls.push({ authorization: authorization[0], clusterId });
          return upstream.answer(message);
        },
      },
      'istiod.istio-system.svc',
    );
    istiodCa = GrpcIstiod.create({
      istioNamespace: 'istio-system',
      address: `127.0.0.1:${istiod.port}`,
      roots: () => servingRoot.certificate,
    });
    view = new IssuingView({ logger: silentLogger, onChange: () => {} });
    serving = new ServingCertificate();
    const first = makeServingCertificate(servingRoot, [NAME], valid());
    serving.set(first.certificate, first.key);
    server = await GrpcServer.start({
      listen: '127.0.0.1:0',
      serving,
      service: { answer: call => service().answer(call) },
      logger: silentLogger,
    });
    client = new CaClient(server.port, servingRoot.certificate);
  });

  afterAll(async () => {
    client.close();
    istiodCa.close();
    await server.stop();
    await istiod.stop();
    await cluster.stop();
  });

  beforeEach(() => {
    issued.length = 0;
    refused.length = 0;
    upstream.calls.length = 0;
    now = () => Date.now();
    view.upsert(
      issuingSecret({
        version: 1,
        meshTrustDomain: 'cluster.local',
        meshRoots: [meshRoot.pem],
      }),
    );
    setShop('isolate');
    view.upsert(
      issuerSecret(
        issuerRecord(
          'bank',
          authoritySettings([bankRoot], { bank: 'isolate' }),
          bankIssuer,
        ),
      ),
    );
  });

  function setShop(
    phase: 'adopt' | 'dual' | 'isolate' | 'release',
    over: Parameters<typeof authoritySettings>[2] = {},
    held: typeof issuer | undefined = issuer,
  ) {
    view.upsert(
      issuerSecret(
        issuerRecord(
          'shop',
          authoritySettings(
            [root],
            { 'shop-web': phase },
            {
              meshRoots: [otherMesh.pem],
              ...over,
            },
          ),
          held,
        ),
      ),
    );
  }

  const ask = (pod: TestPod, over: Partial<CaRequest> = {}) => ({
    csr: workloads.csr(id(pod.namespace, pod.serviceAccount)),
    token: pod.token,
    ...over,
  });

  const tokenAt = (seconds: number) =>
    workloads.token('shop-web', 'web', {
      pod: { name: web.name, uid: web.uid },
      seconds,
    });

  it('gives a pod its identity, its issuer and the roots that it shall trust', async () => {
    const chain = await client.create(ask(web));
    expect(chain).toHaveLength(3);
    expect(chain.slice(1)).toEqual([issuer.pem, root.pem]);
    const leaf = new X509Certificate(chain[0]);
    expect(leaf.subjectAltName).toBe(`URI:${id('shop-web', 'web')}`);
    expect(leaf.verify(issuer.certificate.publicKey)).toBe(true);
    expect(issued).toEqual([
      {
        gns: 'shop',
        namespace: 'shop-web',
        serviceAccount: 'web',
        pod: 'web-0',
        podUid: web.uid,
        serial: leaf.serialNumber.toLowerCase(),
        spiffeId: id('shop-web', 'web'),
        issuerKeyId: issuer.keyId.toString('hex'),
        rootKeyId: root.keyId.toString('hex'),
        bundleEpoch: 1,
        phase: 'isolate',
        step: 1,
        issuedAt: expect.any(String),
        notAfter: leaf.validToDate.toISOString(),
      },
    ]);
  });

  it('in dual gives the roots of all meshes too, as one last element', async () => {
    setShop('dual');
    const chain = await client.create(ask(web));
    expect(chain.slice(1)).toEqual([
      issuer.pem,
      root.pem + otherMesh.pem + meshRoot.pem,
    ]);
  });

  it('puts cross certificates between issuer and roots, when the issuer is of the wanted root', async () => {
    const next = makeAuthority({ name: 'shop root R2', pathLength: 2 });
    const cross = makeAuthority({
      name: 'shop root R1',
      subject: root.subject,
      publicKey: root.certificate.publicKey.export({
        type: 'spki',
        format: 'der',
      }),
      parent: next,
      pathLength: 1,
    });
    const settings = (rootKeyId: string) => ({
      bundle: {
        epoch: 2,
        roots: authoritySettings([root, next], {}).bundle.roots,
      },
      issuer: { rootKeyId, crossCertificates: [cross.pem] },
    });
    setShop('isolate', settings(root.keyId.toString('hex')));
    const chain = await client.create(ask(web));
    expect(chain.slice(1, 3)).toEqual([issuer.pem, cross.pem]);
    expect(chain).toHaveLength(4);
    // The hub wants R2 already, we still sign with an issuer of R1.
    setShop('isolate', settings(next.keyId.toString('hex')));
    expect(await client.create(ask(web))).toHaveLength(3);
  });

  it.each([
    ['as long as it asks', 600, 600],
    ['no longer than the settings say', 86_400, 3600],
    ['as long as the settings say when it does not ask', 0, 3600],
  ])('lets a leaf live %s', async (_what, asked, given) => {
    const chain = await client.create(ask(web, { validitySeconds: asked }));
    const end = new X509Certificate(chain[0]).validToDate.getTime();
    expect(Math.abs(end - Date.now() - given * 1000)).toBeLessThan(10_000);
  });

  it('lets no leaf outlive its issuer, and signs with none that expired', async () => {
    const end = issuer.certificate.validToDate.getTime();
    now = () => end - 60_000;
    const fresh = { ...web, token: await tokenAt(2 * 365 * 86_400) };
    const chain = await client.create(ask(fresh));
    expect(new X509Certificate(chain[0]).validToDate.getTime()).toBe(end);
    now = () => end;
    expect(await client.code(ask(fresh))).toBe(CODE.UNAVAILABLE);
    expect(refused).toEqual(['NoIssuer']);
  });

  it('asks to try again while there is no issuer, or one that does not fit', async () => {
    setShop('isolate', {}, undefined);
    view.upsert(
      issuerSecret(
        issuerRecord(
          'shop',
          authoritySettings([root], { 'shop-web': 'isolate' }),
        ),
      ),
    );
    expect(await client.code(ask(web))).toBe(CODE.UNAVAILABLE);
    setShop('isolate', {}, bankIssuer);
    expect(await client.code(ask(web))).toBe(CODE.UNAVAILABLE);
  });

  describe('to the wrong caller', () => {
    it('gives nothing for another’s identity', async () => {
      await workloads.start('bank', 'vault');
      for (const other of [
        id('shop-web', 'admin'),
        id('bank', 'vault'),
        'spiffe://other.domain/ns/shop-web/sa/web',
      ]) {
        expect(
          await client.code({ token: web.token, csr: workloads.csr(other) }),
        ).toBe(CODE.PERMISSION_DENIED);
      }
      expect(issued).toEqual([]);
    });

    it('gives a member of another global namespace a certificate of its own one only', async () => {
      const vault = await workloads.start('bank', 'vault');
      const chain = await client.create(ask(vault));
      expect(chain.slice(1)).toEqual([bankIssuer.pem, bankRoot.pem]);
    });

    it('gives nothing to a workload of the mesh that is no member', async () => {
      const outsider = await workloads.start('elsewhere', 'web');
      expect(await client.code(ask(outsider))).toBe(CODE.PERMISSION_DENIED);
      expect(
        await client.code(
          ask(outsider, { csr: workloads.csr(id('shop-web', 'web')) }),
        ),
      ).toBe(CODE.PERMISSION_DENIED);
      expect(refused).toEqual(['NotMember', 'NotMember']);
    });

    it('gives nothing from the moment that a namespace leaves', async () => {
      expect(await client.code(ask(web))).toBe(0);
      setShop('isolate', { namespaces: [] });
      expect(await client.code(ask(web))).toBe(CODE.PERMISSION_DENIED);
      view.remove('isthmus-issuer-bank');
      expect(view.forNamespace('bank')).toBeUndefined();
    });

    it('lets nobody act for another', async () => {
      expect(
        await client.code(
          ask(web, {
            metadata: { ImpersonatedIdentity: id('shop-web', 'web') },
          }),
        ),
      ).toBe(CODE.PERMISSION_DENIED);
    });

    it('does not believe any header', async () => {
      const outsider = await workloads.start('elsewhere', 'web');
      const headers = {
        clusterid: 'west',
        gns: 'shop',
        'x-forwarded-client-cert': `URI=${id('shop-web', 'web')}`,
        'x-remote-user': 'system:serviceaccount:shop-web:web',
      };
      expect(await client.code(ask(outsider, { headers }))).toBe(
        CODE.PERMISSION_DENIED,
      );
      expect(await client.code(ask(web, { headers }))).toBe(0);
    });
  });

  describe('a token', () => {
    const pod = () => ({ name: web.name, uid: web.uid });
    const jwt = (claims: object, signature = 'c2lnbmF0dXJl') =>
      [{ alg: 'RS256' }, claims]
        .map(part => Buffer.from(JSON.stringify(part)).toString('base64url'))
        .concat(signature)
        .join('.');
    const soon = () => Math.floor(Date.now() / 1000) + 3600;
    const started = async (
      options: Parameters<TestWorkloads['start']>[2],
      account = 'web',
    ) => (await workloads.start('shop-web', account, options)).token;

    it.each<[string, () => Promise<Partial<CaRequest>> | Partial<CaRequest>]>([
      ['that is missing', () => ({ token: undefined })],
      ['of another scheme', () => ({ authorization: `Basic ${web.token}` })],
      ['in lower case', () => ({ authorization: `bearer ${web.token}` })],
      ['without a scheme', () => ({ authorization: web.token })],
      ['that is empty', () => ({ authorization: 'Bearer ' })],
      [
        'with more after it',
        () => ({ authorization: `Bearer ${web.token} x` }),
      ],
      [
        'twice in one header',
        () => ({ authorization: `Bearer ${web.token}, Bearer ${web.token}` }),
      ],
      ['that is no JWT', () => ({ token: 'hello' })],
      ['whose claims are no JSON', () => ({ token: 'a.b.c' })],
      ['without an audience', () => ({ token: jwt({ exp: soon() }) })],
      ['without an end', () => ({ token: jwt({ aud: 'istio-ca' }) })],
      ['that is huge', () => ({ token: `${web.token}${'A'.repeat(9_000)}` })],
      [
        'without a signature',
        () => ({ token: web.token.replace(/[^.]*$/, '') }),
      ],
      [
        'with its signature changed',
        () => ({
          token: web.token.replace(/.$/, c => (c === 'A' ? 'B' : 'A')),
        }),
      ],
      [
        'that names the caller, signed by nobody',
        () => ({
          token: jwt({
            aud: ['istio-ca'],
            exp: soon(),
            sub: 'system:serviceaccount:shop-web:web',
            'kubernetes.io': {
              namespace: 'shop-web',
              serviceaccount: { name: 'web', uid: 'x' },
              pod: pod(),
            },
          }),
        }),
      ],
      [
        'for the API server',
        async () => ({
          token: await workloads.token('shop-web', 'web', {
            pod: pod(),
            audience: 'https://kubernetes.default.svc',
          }),
        }),
      ],
      [
        'for another audience',
        async () => ({
          token: await workloads.token('shop-web', 'web', {
            pod: pod(),
            audience: 'vault',
          }),
        }),
      ],
      [
        'that has expired',
        async () => ({
          token: await workloads.token('shop-web', 'web', {
            pod: pod(),
            seconds: -30,
          }),
        }),
      ],
      [
        'that expired long ago',
        async () => ({
          token: await workloads.token('shop-web', 'web', {
            pod: pod(),
            seconds: -3600,
          }),
        }),
      ],
      [
        'that is bound to no pod',
        async () => ({ token: await workloads.token('shop-web', 'web') }),
      ],
      [
        'of a pod that is gone',
        async () => ({
          token: await workloads.token('shop-web', 'web', {
            pod: { name: 'gone', uid: web.uid },
          }),
        }),
      ],
      [
        'of a pod whose name another pod has now',
        async () => ({
          token: await workloads.token('shop-web', 'web', {
            pod: {
              name: web.name,
              uid: '00000000-0000-0000-0000-000000000000',
            },
          }),
        }),
      ],
      [
        'of another service account, bound to this pod',
        async () => {
          await workloads.start('shop-web', 'thief');
          return {
            token: await workloads.token('shop-web', 'thief', { pod: pod() }),
            csr: workloads.csr(id('shop-web', 'thief')),
          };
        },
      ],
      [
        'of a service account that was made anew',
        async () => {
          const old = await started({ name: 'renewed-0' }, 'renewed');
          cluster.server.unseed(
            cluster.server.read('v1', 'ServiceAccount', 'shop-web', 'renewed')!,
          );
          await workloads.start('shop-web', 'renewed', { name: 'renewed-0' });
          return { token: old, csr: workloads.csr(id('shop-web', 'renewed')) };
        },
      ],
      [
        'of a pod that has finished',
        async () => ({
          token: await started({
            name: 'job-0',
            status: { phase: 'Succeeded' },
          }),
        }),
      ],
      [
        'of a pod that was evicted',
        async () => ({
          token: await started({
            name: 'evicted',
            status: { phase: 'Failed' },
          }),
        }),
      ],
      [
        'of a pod that no node runs',
        async () => ({
          token: await started({ name: 'waits', spec: { nodeName: '' } }),
        }),
      ],
      [
        'of a pod whose grace is over',
        async () => ({
          token: await started({
            name: 'deleted',
            metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' },
          }),
        }),
      ],
      ['of a person', () => ({ token: 'admin' })],
    ])('%s is refused', async (_what, wrong) => {
      expect(await client.code(ask(web, await wrong()))).toBe(
        CODE.UNAUTHENTICATED,
      );
      expect(issued).toEqual([]);
    });

    it('of another cluster is refused', async () => {
      const west = await MemberCluster.start();
      try {
        const twin = await new TestWorkloads(west.server).start(
          'shop-web',
          'web',
        );
        expect(await client.code(ask(twin))).toBe(CODE.UNAUTHENTICATED);
      } finally {
        await west.stop();
      }
    });

    it('of a pod that drains is taken until its grace is over', async () => {
      const token = await started({
        name: 'drains',
        metadata: {
          deletionTimestamp: new Date(Date.now() + 60_000).toISOString(),
          deletionGracePeriodSeconds: 60,
        },
      });
      expect(await client.code(ask(web, { token }))).toBe(0);
    });

    it('is believed by the API server’s word alone', async () => {
      const reviews = cluster.count(r => r.path.endsWith('/tokenreviews'));
      await client.create(ask(web));
      await client.create(ask(web));
      expect(reviews.n).toBe(2);
    });

    it('that is rubbish does not reach the API server', async () => {
      const reviews = cluster.count(r => r.path.endsWith('/tokenreviews'));
      await client.code(ask(web, { token: 'a.b.c' }));
      await client.code(ask(web, { csr: 'no request' }));
      expect(reviews.n).toBe(0);
    });

    it.each([
      ['fails', 500],
      ['is overloaded', 429],
      ['refuses us', 403],
    ])('may be tried again when the API server %s', async (_what, status) => {
      cluster.server.faults.failNext(1, status, {
        match: ({ path }) => path.endsWith('/tokenreviews'),
      });
      expect(await client.code(ask(web))).toBe(CODE.UNAVAILABLE);
      expect(await client.code(ask(web))).toBe(0);
    });

    it('may be tried again when the pod could not be read', async () => {
      cluster.server.faults.failNext(1, 503, {
        match: ({ path }) => path.includes('/pods/'),
      });
      expect(await client.code(ask(web))).toBe(CODE.UNAVAILABLE);
    });
  });

  describe('a request', () => {
    it.each([
      ['without a request in it', { csr: '' }, CODE.INVALID_ARGUMENT],
      [
        'that is no protobuf',
        { message: Buffer.from([0xff]) },
        CODE.INVALID_ARGUMENT,
      ],
      [
        'with a bad request in it',
        { csr: toPem('CERTIFICATE REQUEST', Buffer.from('x')) },
        CODE.INVALID_ARGUMENT,
      ],
      [
        'of more than 16 KiB',
        { csr: 'x'.repeat(16 * 1024) },
        CODE.RESOURCE_EXHAUSTED,
      ],
    ])('%s is refused', async (_what, wrong, code) => {
      expect(await client.code(ask(web, wrong))).toBe(code);
    });

    it('is read as pilot-agent writes it', () => {
      const call = readCertificateCall(
        writeCertificateCall({
          csr: 'pem',
          validitySeconds: 86_400,
          metadata: { CertSigner: '', ImpersonatedIdentity: 'x' },
        }),
      );
      expect(call).toEqual({
        csr: 'pem',
        validitySeconds: 86_400,
        metadata: new Map([['ImpersonatedIdentity', 'x']]),
      });
    });
  });

  describe('while a namespace joins', () => {
    const mesh = () =>
      writeCertificateAnswer([
        toPem(
          'CERTIFICATE',
          istiodIssuer.template.sign({
            publicKey: meshRoot.certificate.publicKey.export({
              type: 'spki',
              format: 'der',
            }),
            spiffeId: id('shop-web', 'web'),
            notBefore: Date.now(),
            notAfter: Date.now() + DAY,
          }).der,
        ),
        istiodIssuer.pem,
        meshRoot.pem,
      ]);

    it.each(['adopt', 'release'] as const)(
      'in %s the leaf is istiod’s, and the roots are all that its peers may have',
      async phase => {
        setShop(phase);
        upstream.answer = async () => mesh();
        const chain = await client.create(
          ask(web, { headers: { clusterid: 'east' } }),
        );
        expect(chain.slice(1)).toEqual([
          istiodIssuer.pem,
          meshRoot.pem + root.pem + otherMesh.pem,
        ]);
        expect(upstream.calls).toEqual([
          { authorization: `Bearer ${web.token}`, clusterId: 'east' },
        ]);
        expect(issued).toMatchObject([
          { issuerKeyId: null, rootKeyId: null, phase, bundleEpoch: 1 },
        ]);
      },
    );

    it.each([
      ['a day', 86_400, 3_600],
      ['a minute', 60, 60],
      ['nothing', 0, 3_600],
    ])(
      'is asked of istiod for no longer than ours would live: %s',
      async (_what, asked, passedOn) => {
        setShop('adopt');
        const messages: Buffer[] = [];
        upstream.answer = async message => {
          messages.push(message);
          return mesh();
        };
        const request = ask(web, {
          validitySeconds: asked,
          metadata: { CertSigner: 'their-signer' },
        });
        expect(await client.code(request)).toBe(0);
        const call = readCertificateCall(messages[0]);
        expect([call.csr, call.validitySeconds]).toEqual([
          request.csr,
          passedOn,
        ]);
        expect([...call.metadata]).toEqual([['CertSigner', 'their-signer']]);
      },
    );

    it('in adopt it needs no issuer', async () => {
      view.upsert(
        issuerSecret(
          issuerRecord(
            'shop',
            authoritySettings([root], { 'shop-web': 'adopt' }),
          ),
        ),
      );
      upstream.answer = async () => mesh();
      expect(await client.code(ask(web))).toBe(0);
    });

    it('passes on to istiod only what it checked itself', async () => {
      setShop('adopt');
      await client.code({
        token: web.token,
        csr: workloads.csr(id('shop-web', 'admin')),
      });
      await client.code({
        token: 'a.b.c',
        csr: workloads.csr(id('shop-web', 'web')),
      });
      expect(upstream.calls).toEqual([]);
    });

    it('answers with istiod’s own code when it refuses', async () => {
      setShop('adopt');
      upstream.answer = async () => {
        throw new Refusal(CODE.UNAUTHENTICATED, 'Token', 'no');
      };
      expect(await client.code(ask(web))).toBe(CODE.UNAUTHENTICATED);
    });

    it('may be tried again when istiod answers nonsense or not at all', async () => {
      setShop('adopt');
      for (const answer of [
        Buffer.from([0xff]),
        writeCertificateAnswer([]),
        writeCertificateAnswer([istiodIssuer.pem]),
        writeCertificateAnswer(['x', 'y']),
        writeCertificateAnswer(['x', meshRoot.pem]),
      ]) {
        upstream.answer = async () => answer;
        expect(await client.code(ask(web))).toBe(CODE.UNAVAILABLE);
      }
      expect(issued).toEqual([]);
    });
  });

  it('serves on with a new certificate without losing a call', async () => {
    const fingerprints = new Set<string>();
    let failures = 0;
    let going = true;
    const calls = async () => {
      while (going) {
        // A connection of its own for each call, beside the one that stays open.
        const another = new CaClient(server.port, servingRoot.certificate);
        const codes = await Promise.all([
          client.code(ask(web)),
          another.code(ask(web)),
        ]);
        failures += codes.filter(code => code !== 0).length;
        another.close();
      }
    };
    const pods = await Promise.all(
      Array.from({ length: 4 }, (_, i) =>
        workloads.start('shop-web', 'web', { name: `loop-${i}` }),
      ),
    );
    const loops = pods.map(() => calls());
    for (let i = 0; i < 6; i += 1) {
      await new Promise(resolve => {
        setTimeout(resolve, 50);
      });
      const next = makeServingCertificate(servingRoot, [NAME], valid());
      fingerprints.add(new X509Certificate(next.certificate).fingerprint256);
      serving.set(next.certificate, next.key);
    }
    going = false;
    await Promise.all(loops);
    expect(failures).toBe(0);
    expect(fingerprints.size).toBe(6);
  });

  it('holds one pod, one service account and the cluster to their rates', async () => {
    const rates = {
      pod: { burst: 2, perSecond: 1 },
      identity: { burst: 3, perSecond: 1 },
      cluster: { burst: 4, perSecond: 1 },
    };
    let time = Date.now();
    const limited = service({
      limits: new RateLimits(rates, { now: () => time }),
      clock: { now: () => time },
    });
    const [a, b, c] = await Promise.all(
      ['a', 'b', 'c'].map((name, i) =>
        workloads.start('shop-web', i < 2 ? 'many' : 'few', { name }),
      ),
    );
    const code = async (pod: TestPod) => {
      try {
        await limited.answer({
          message: writeCertificateCall({
            csr: workloads.csr(id('shop-web', pod.serviceAccount)),
            validitySeconds: 60,
          }),
          authorization: [`Bearer ${pod.token}`],
          isGone: () => false,
        });
        return 0;
      } catch (error) {
        return (error as Refusal).code;
      }
    };
    const no = CODE.RESOURCE_EXHAUSTED;
    expect([await code(a), await code(a), await code(a)]).toEqual([0, 0, no]);
    expect([await code(b), await code(b)]).toEqual([0, no]);
    expect([await code(c), await code(c)]).toEqual([0, no]);
    time += 1_000;
    expect(await code(c)).toBe(0);
  });
});
