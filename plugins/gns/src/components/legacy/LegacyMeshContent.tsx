import { compatWrapper } from '@backstage/core-compat-api';
import { EntityMeshContent } from '../EntityMesh/EntityMeshContent';

/** The topology card, in a legacy app. */
export function LegacyMeshContent() {
  return compatWrapper(<EntityMeshContent />);
}
