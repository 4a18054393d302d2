import type { IncomingMessage } from 'node:http';
import type { Answer } from './answers';
import type { UserInfo } from './authentication';
import { readJson } from './requestBody';
import type { RequestContext } from './requestContext';
import type { ApiPath } from './requestInfo';
import { requestToken, reviewAccess, reviewToken } from './reviews';

/** Resources that are computed: reviews, tokens, logs and metrics. */
export async function virtualResource(
  context: RequestContext,
  request: IncomingMessage,
  path: ApiPath,
  user: UserInfo,
): Promise<Answer | undefined> {
  const { authenticator, authorizer, store } = context;
  const { group, plural, namespace, name = '', subresource } = path;
  const method = request.method ?? 'GET';
  const require = (verb: string) =>
    authorizer.require(user, {
      verb,
      group,
      resource: plural,
      subresource,
      namespace,
      name: name || undefined,
    });
  if (method === 'POST') {
    const body = () => readJson(request);
    switch (`${group}/${plural}${subresource ? `/${subresource}` : ''}`) {
      case 'authentication.k8s.io/tokenreviews':
        require('create');
        return {
          code: 201,
          body: reviewToken(authenticator, await body()),
        };
      case 'authorization.k8s.io/selfsubjectaccessreviews':
        return {
          code: 201,
          body: reviewAccess(
            authorizer,
            'SelfSubjectAccessReview',
            user,
            await body(),
          ),
        };
      case 'authorization.k8s.io/subjectaccessreviews':
        require('create');
        return {
          code: 201,
          body: reviewAccess(
            authorizer,
            'SubjectAccessReview',
            user,
            await body(),
          ),
        };
      case '/serviceaccounts/token':
        require('create');
        return {
          code: 201,
          body: requestToken(
            store,
            authenticator,
            namespace ?? '',
            name,
            await body(),
          ),
        };
      default:
        return undefined;
    }
  }
  if (method === 'GET' && group === 'metrics.k8s.io' && plural === 'pods') {
    require(name ? 'get' : 'list');
    return {
      code: 200,
      body: {
        kind: 'PodMetricsList',
        apiVersion: 'metrics.k8s.io/v1beta1',
        metadata: {},
        items: [],
      },
    };
  }
  if (method === 'GET' && group === '' && subresource === 'log') {
    require('get');
    return { code: 200, body: 'a simulated container writes no log\n' };
  }
  return undefined;
}
