import { type Link } from '@isthmus/plugin-gns-common';
import { diagnoseSentences } from '../../messages/diagnoseSentences';
import { useGnsTranslation } from '../../useGnsTranslation';

type Why = keyof typeof diagnoseSentences.linkWhy;
type Fix = keyof typeof diagnoseSentences.linkFix;

/** What a link says: the hub's own sentences, or those of the language for its reason. */
export interface Sentences {
  why(link: Pick<Link, 'reason' | 'parameters' | 'text'>): string;
  fix(link: Pick<Link, 'reason' | 'parameters' | 'remedy'>): string;
}

function isWhy(word: string): word is Why {
  return Object.hasOwn(diagnoseSentences.linkWhy, word);
}

function isFix(word: string): word is Fix {
  return Object.hasOwn(diagnoseSentences.linkFix, word);
}

/** Sentences of a diagnosis in the reader's language; of a hub that is newer than this page in English. */
export function useSentences(): Sentences {
  const { t } = useGnsTranslation();
  return {
    why: ({ reason, parameters, text }) =>
      isWhy(reason) ? t(`linkWhy.${reason}`, { ...parameters, text }) : text,
    fix: ({ reason, parameters, remedy }) =>
      remedy !== '' && isFix(reason)
        ? t(`linkFix.${reason}`, { ...parameters, remedy })
        : remedy,
  };
}
