import { compatWrapper } from '@backstage/core-compat-api';
import { EntityTopologyCard } from '../EntityTopologyCard/EntityTopologyCard';

/** The topology card, in a legacy app. */
export function LegacyTopologyCard() {
  return compatWrapper(<EntityTopologyCard />);
}
