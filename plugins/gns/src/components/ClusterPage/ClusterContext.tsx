import { createContext, type ReactNode, useContext } from 'react';
import { type Cluster } from '@isthmus/plugin-gns-common';

const Context = createContext<Cluster | undefined>(undefined);

/** Gives the sections of a cluster's page what the page has read for all of them. */
export function ClusterProvider(props: {
  cluster: Cluster;
  children: ReactNode;
}) {
  return (
    <Context.Provider value={props.cluster}>{props.children}</Context.Provider>
  );
}

/**
 * The cluster whose page is open, current to the last read. For components
 * inside a section made with `GnsClusterSectionBlueprint`.
 * @throws Error outside of such a section
 */
export function useCluster(): Cluster {
  const cluster = useContext(Context);
  if (!cluster) {
    throw new Error(
      'useCluster works on the page of a cluster only: make the component with GnsClusterSectionBlueprint',
    );
  }
  return cluster;
}
