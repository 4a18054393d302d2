import { type Link } from '@isthmus/plugin-gns-common';
import { diagnoseMessages } from '../../messages/diagnose';
import { useGnsTranslation } from '../../useGnsTranslation';

type Reason = keyof typeof diagnoseMessages.reason;

function isReason(word: string): word is Reason {
  return Object.hasOwn(diagnoseMessages.reason, word);
}

/** Why a link is as it is, in a few words; a hub that is newer than this page speaks for itself. */
export function useReasonText(): (link: Link) => string {
  const { t } = useGnsTranslation();
  return ({ reason, text }) =>
    isReason(reason) ? t(`reason.${reason}`) : text;
}
