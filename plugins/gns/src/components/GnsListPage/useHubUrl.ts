import { useEffect, useState } from 'react';
import { discoveryApiRef, useApi } from '@backstage/frontend-plugin-api';
import { PLUGIN_ID } from '@isthmus/plugin-gns-common';

/** Base URL of the hub for commands to paste; its path until discovery answers. */
export function useHubUrl(): string {
  const discovery = useApi(discoveryApiRef);
  const [url, setUrl] = useState(`/api/${PLUGIN_ID}`);
  useEffect(() => {
    let gone = false;
    discovery.getBaseUrl(PLUGIN_ID).then(
      found => !gone && setUrl(found),
      () => undefined, // The path alone stays readable.
    );
    return () => {
      gone = true;
    };
  }, [discovery]);
  return url;
}
