import { createContext, type ReactNode, useContext } from 'react';
import { type GnsStatus } from '@isthmus/plugin-gns-common';

const Context = createContext<GnsStatus | undefined>(undefined);

/** Gives the tabs the status that the page has read for all of them. */
export function GnsStatusProvider(props: {
  status: GnsStatus;
  children: ReactNode;
}) {
  return (
    <Context.Provider value={props.status}>{props.children}</Context.Provider>
  );
}

/**
 * The status of the global namespace whose page is open, current to the last
 * read. For components inside a tab made with `GnsTabBlueprint`.
 * @throws Error outside of such a tab
 */
export function useGnsStatus(): GnsStatus {
  const status = useContext(Context);
  if (!status) {
    throw new Error(
      'useGnsStatus works inside a tab of a global namespace only: make the component with GnsTabBlueprint',
    );
  }
  return status;
}
