import { type ComponentType, createContext } from 'react';
import { type TrafficNode } from '@isthmus/plugin-gns-common';

/** What others draw on a service: the state of its objectives. */
export const NodeMarkContext = createContext<
  ComponentType<{ node: TrafficNode }> | undefined
>(undefined);
