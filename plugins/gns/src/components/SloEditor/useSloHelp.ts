import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { sloEditMessages } from '../../messages/sloEdit';
import { gnsTranslationRef } from '../../translation';

type HelpKey = Extract<keyof typeof sloEditMessages.sloFields, `${string}Text`>;

/** Help on a field of an objective, in the reader's language. */
export function useSloHelp(): (field: string) => string | undefined {
  const { t } = useTranslationRef(gnsTranslationRef);
  return field => {
    const key = `${field.replaceAll('.', '_')}Text`;
    return isHelp(key) ? t(`sloFields.${key}`) : undefined;
  };
}

function isHelp(key: string): key is HelpKey {
  return Object.hasOwn(sloEditMessages.sloFields, key);
}
