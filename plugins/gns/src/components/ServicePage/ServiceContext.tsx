import { createContext, type ReactNode, useContext } from 'react';
import { type GlobalService, type GnsStatus } from '@isthmus/plugin-gns-common';

/** The global service whose page is open, and its global namespace. */
export interface OpenService {
  gns: GnsStatus;
  service: GlobalService;
}

const Context = createContext<OpenService | undefined>(undefined);

/** Gives the sections of a service's page what the page has read for all of them. */
export function ServiceProvider(props: {
  open: OpenService;
  children: ReactNode;
}) {
  return (
    <Context.Provider value={props.open}>{props.children}</Context.Provider>
  );
}

/**
 * The global service whose page is open, current to the last read. For
 * components inside a section made with `GnsServiceSectionBlueprint`.
 * @throws Error outside of such a section
 */
export function useGlobalService(): OpenService {
  const open = useContext(Context);
  if (!open) {
    throw new Error(
      'useGlobalService works on the page of a global service only: make the component with GnsServiceSectionBlueprint',
    );
  }
  return open;
}
