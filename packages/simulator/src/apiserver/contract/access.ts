import type { ContractClient } from './connection';

const RBAC = 'rbac.authorization.k8s.io';

/** Tokens, roles and reviews. */
export function describeAccess(client: () => ContractClient, ns: () => string) {
  const reader = () => client().connection.readerToken;
  const rbac = () => `/apis/${RBAC}/v1/namespaces/${ns()}`;

  describe('access', () => {
    it('knows nobody without a token or with a wrong one', async () => {
      for (const token of [null, 'wrong']) {
        const { status, body } = await client().send(
          'GET',
          `/api/v1/namespaces/${ns()}/configmaps`,
          { token },
        );
        expect(status).toBe(401);
        expect(body).toMatchObject({
          message: 'Unauthorized',
          reason: 'Unauthorized',
          code: 401,
        });
      }
    });

    it('says what a user may not do', async () => {
      const ask = async (method: string, path: string) =>
        (await client().send(method, path, { token: reader() })).body;
      const inNamespace = await ask(
        'GET',
        `/api/v1/namespaces/${ns()}/secrets`,
      );
      expect(inNamespace).toMatchObject({
        code: 403,
        reason: 'Forbidden',
        details: { kind: 'secrets' },
        message: `secrets is forbidden: User "reader" cannot list resource "secrets" in API group "" in the namespace "${ns()}"`,
      });
      const clusterWide = await ask('GET', '/apis/apps/v1/deployments');
      expect(clusterWide.message).toBe(
        'deployments.apps is forbidden: User "reader" cannot list resource "deployments" in API group "apps" at the cluster scope',
      );
      const named = await ask(
        'DELETE',
        `/apis/apps/v1/namespaces/${ns()}/deployments/x`,
      );
      expect(named).toMatchObject({
        details: { name: 'x', group: 'apps', kind: 'deployments' },
        message: `deployments.apps "x" is forbidden: User "reader" cannot delete resource "deployments" in API group "apps" in the namespace "${ns()}"`,
      });
    });

    it('a role and a binding open what they name, and no more', async () => {
      const base = `/api/v1/namespaces/${ns()}/configmaps`;
      await client().post(`${rbac()}/roles`, {
        apiVersion: `${RBAC}/v1`,
        kind: 'Role',
        metadata: { name: 'config-reader' },
        rules: [
          {
            apiGroups: [''],
            resources: ['configmaps'],
            verbs: ['get', 'list'],
          },
          {
            apiGroups: [''],
            resources: ['secrets'],
            resourceNames: ['only'],
            verbs: ['get', 'list'],
          },
        ],
      });
      await client().post(`${rbac()}/rolebindings`, {
        apiVersion: `${RBAC}/v1`,
        kind: 'RoleBinding',
        metadata: { name: 'config-reader' },
        roleRef: { apiGroup: RBAC, kind: 'Role', name: 'config-reader' },
        subjects: [{ apiGroup: RBAC, kind: 'User', name: 'reader' }],
      });
      const status = async (method: string, path: string) =>
        (await client().send(method, path, { token: reader() })).status;
      const deadline = Date.now() + 10_000;
      while ((await status('GET', base)) !== 200 && Date.now() < deadline);
      expect(await status('GET', base)).toBe(200);
      expect(await status('GET', `${base}?watch=1&timeoutSeconds=1`)).toBe(403);
      expect(await status('DELETE', `${base}/x`)).toBe(403);
      const secrets = `/api/v1/namespaces/${ns()}/secrets`;
      expect(await status('GET', `${secrets}/only`)).toBe(404);
      expect(await status('GET', `${secrets}/other`)).toBe(403);
      // A list of the one name counts as asking for it.
      const one = 'fieldSelector=metadata.name%3D';
      expect(await status('GET', `${secrets}?${one}only`)).toBe(200);
      expect(await status('GET', `${secrets}?${one}other`)).toBe(403);
      expect(await status('GET', secrets)).toBe(403);
      expect(await status('GET', '/api/v1/namespaces/default/configmaps')).toBe(
        403,
      );
    });

    it('reviews its own access', async () => {
      const review = async (token: string) => {
        const { body } = await client().send(
          'POST',
          '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
          {
            token,
            body: {
              apiVersion: 'authorization.k8s.io/v1',
              kind: 'SelfSubjectAccessReview',
              spec: {
                resourceAttributes: {
                  verb: 'delete',
                  resource: 'pods',
                  namespace: ns(),
                },
              },
            },
          },
        );
        return body.status.allowed;
      };
      expect(await review(client().connection.adminToken)).toBe(true);
      expect(await review(reader())).toBe(false);
    });

    it('issues and reviews service-account tokens by audience', async () => {
      const accounts = `/api/v1/namespaces/${ns()}/serviceaccounts`;
      await client().post(accounts, {
        apiVersion: 'v1',
        kind: 'ServiceAccount',
        metadata: { name: 'web' },
      });
      const issued = await client().post(`${accounts}/web/token`, {
        apiVersion: 'authentication.k8s.io/v1',
        kind: 'TokenRequest',
        spec: { audiences: ['istio-ca'] },
      });
      expect(issued.status).toBe(201);
      const { token } = issued.body.status;
      const review = async (audiences?: string[], shown = token) => {
        const { body } = await client().post(
          '/apis/authentication.k8s.io/v1/tokenreviews',
          {
            apiVersion: 'authentication.k8s.io/v1',
            kind: 'TokenReview',
            spec: { token: shown, ...(audiences ? { audiences } : {}) },
          },
        );
        return body.status;
      };
      const right = await review(['istio-ca']);
      expect(right).toMatchObject({
        authenticated: true,
        audiences: ['istio-ca'],
        user: {
          username: `system:serviceaccount:${ns()}:web`,
          groups: expect.arrayContaining([
            'system:serviceaccounts',
            `system:serviceaccounts:${ns()}`,
          ]),
        },
      });
      expect((await review()).authenticated).toBeFalsy();
      const wrong = await review(undefined, 'nonsense');
      expect(wrong.authenticated).toBeFalsy();
      expect(wrong.error).toContain('invalid bearer token');
      const asCaller = await client().send('GET', '/api/v1/pods', { token });
      expect(asCaller.status).toBe(401);
    });
  });
}
