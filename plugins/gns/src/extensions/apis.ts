import {
  ApiBlueprint,
  discoveryApiRef,
  fetchApiRef,
} from '@backstage/frontend-plugin-api';
import { GnsClient } from '@isthmus/plugin-gns-common';
import { gnsApiRef } from '../api';

export const gnsApi = ApiBlueprint.make({
  params: define =>
    define({
      api: gnsApiRef,
      deps: { discoveryApi: discoveryApiRef, fetchApi: fetchApiRef },
      factory: deps => new GnsClient(deps),
    }),
});
