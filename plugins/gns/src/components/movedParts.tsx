import {
  generatePath,
  Navigate,
  useLocation,
  useParams,
} from 'react-router-dom';
import { type PartPlace } from '../extensions/part';

/** A path that the admin gave to somewhere else. */
export interface Move {
  from: string;
  to: string;
  listed: boolean;
}

/**
 * The own paths of parts that the admin moved, unless another part is there
 * now: links to them, from entity cards or old messages, still lead there.
 */
export function movedParts(
  parts: readonly (PartPlace & { path: string })[],
): Move[] {
  const taken = new Set(parts.map(part => part.path));
  return parts
    .filter(part => part.path !== part.ownPath && !taken.has(part.ownPath))
    .map(part => ({
      from: part.ownPath,
      to: part.path,
      listed: part.listed,
    }));
}

/** Leads on to where a part is now, with what the link asked of it. */
export function MovedTo(props: {
  /** Below `root`, with parameters. */
  path: string;
  root: string;
}) {
  const params = useParams();
  const { search, hash } = useLocation();
  const pathname = generatePath(`${props.root}/${props.path}`, params);
  return <Navigate to={{ pathname, search, hash }} replace />;
}
