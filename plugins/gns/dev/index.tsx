import '@backstage/cli/asset-types';
// eslint-disable-next-line @backstage/no-ui-css-imports-in-non-frontend -- this is the app of `yarn start`
import '@backstage/ui/css/styles.css';
import ReactDOM from 'react-dom/client';
import { type Entity } from '@backstage/catalog-model';
import { createApp } from '@backstage/frontend-defaults';
import {
  ApiBlueprint,
  createFrontendModule,
  type IdentityApi,
  PageBlueprint,
} from '@backstage/frontend-plugin-api';
import { permissionApiRef } from '@backstage/plugin-permission-react';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { SignInPageBlueprint } from '@backstage/plugin-app-react';
import catalogPlugin from '@backstage/plugin-catalog/alpha';
import { catalogApiRef } from '@backstage/plugin-catalog-react';
import { catalogApiMock } from '@backstage/plugin-catalog-react/testUtils';
import {
  ANNOTATION_SERVICE,
  type TrafficLevel,
} from '@isthmus/plugin-gns-common';
import gnsPlugin, { gnsApiRef } from '../src';
import * as authorities from './authorityFixtures';
import { type FakeAuthority } from './FakeAuthority';
import { bigTraffic } from './bigTraffic';
import { asGnsApi, FakeHub } from './FakeHub';
import { PeerGraph } from './PeerGraph';

/**
 * `yarn start` in this folder: the plugin with answers from fixtures and
 * without a backend. `?hub=empty`, `?hub=denied`, `?hub=slow` show the states,
 * and `?authority=rotating`, `joining`, `unavailable`, `none` those of an authority.
 */
const wanted = new URLSearchParams(window.location.search).get('hub');
const hub = new FakeHub();
if (wanted === 'empty') {
  hub.listGlobalNamespaces = async () => ({ items: [] });
}
if (wanted === 'down') {
  hub.listGlobalNamespaces = async () => {
    throw new TypeError('Failed to fetch');
  };
}
if (wanted === 'denied') {
  hub.listGlobalNamespaces = async () => {
    throw Object.assign(new Error('no'), { name: 'NotAllowedError' });
  };
}
if (wanted === 'slow') {
  hub.listGlobalNamespaces = () => new Promise(() => undefined);
}

const authority = new URLSearchParams(window.location.search).get('authority');
if (authority) {
  const fake = hub.authority as unknown as FakeAuthority;
  fake.shop = {
    rotating: authorities.rotating,
    joining: authorities.joining,
    unavailable: authorities.unavailable,
  }[authority];
}
// `/gns/big/topology?services=1000` and `/peer?services=1000`: for `bench/topologyFrames`.
const services = Number(
  new URLSearchParams(window.location.search).get('services') ?? 1000,
);
const getGlobalNamespace = hub.getGlobalNamespace.bind(hub);
hub.getGlobalNamespace = async name =>
  name === 'big'
    ? { ...(await getGlobalNamespace('shop')), name, title: 'Big' }
    : getGlobalNamespace(name);
const getTraffic = hub.telemetry.getTraffic;
Object.assign(hub.telemetry, {
  getTraffic: async (
    name: string,
    options: { level?: TrafficLevel; service?: string },
  ) =>
    name === 'big'
      ? bigTraffic(services, options.level)
      : getTraffic(name, options),
});
const peer = PageBlueprint.make({
  name: 'peer',
  params: {
    path: '/peer',
    loader: async () => <PeerGraph services={services} />,
  },
});

const checkout: Entity = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: {
    name: 'checkout',
    annotations: {
      [ANNOTATION_SERVICE]: 'shop/checkout, shop/gone, bad one',
    },
  },
  spec: { type: 'service', lifecycle: 'production', owner: 'group:shop' },
};
const shop: Entity = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Group',
  metadata: { name: 'shop', title: 'Shop' },
  spec: { type: 'team', children: [] },
};

const identity: IdentityApi = {
  getProfileInfo: async () => ({ displayName: 'Ada' }),
  getBackstageIdentity: async () => ({
    type: 'user',
    userEntityRef: 'user:default/ada',
    ownershipEntityRefs: ['user:default/ada'],
  }),
  getCredentials: async () => ({}),
  signOut: async () => undefined,
};

const signIn = createFrontendModule({
  pluginId: 'app',
  extensions: [
    SignInPageBlueprint.make({
      params: {
        loader:
          async () =>
          ({ onSignInSuccess }) => {
            onSignInSuccess(identity);
            return null;
          },
      },
    }),
    ApiBlueprint.make({
      name: 'permission',
      params: define =>
        define({
          api: permissionApiRef,
          deps: {},
          factory: () => ({
            authorize: async () => ({ result: AuthorizeResult.ALLOW }),
          }),
        }),
    }),
  ],
});

const fakes = [
  createFrontendModule({
    pluginId: 'gns',
    extensions: [
      peer,
      ApiBlueprint.make({
        params: define =>
          define({ api: gnsApiRef, deps: {}, factory: () => asGnsApi(hub) }),
      }),
    ],
  }),
  createFrontendModule({
    pluginId: 'catalog',
    extensions: [
      ApiBlueprint.make({
        params: define =>
          define({
            api: catalogApiRef,
            deps: {},
            factory: () => catalogApiMock({ entities: [checkout, shop] }),
          }),
      }),
    ],
  }),
];

const app = createApp({
  features: [gnsPlugin, catalogPlugin, signIn, ...fakes],
});

ReactDOM.createRoot(document.getElementById('root')!).render(app.createRoot());
