import { compatWrapper } from '@backstage/core-compat-api';
import { EntitySloCard } from '../EntitySloCard/EntitySloCard';

/** The card of objectives, in a legacy app. */
export function LegacySloCard() {
  return compatWrapper(<EntitySloCard />);
}
