import { sloEditMessages } from '../../messages/sloEdit';
import { useGnsTranslation } from '../../useGnsTranslation';

type HelpKey = Extract<keyof typeof sloEditMessages.sloFields, `${string}Text`>;

/** Help on a field of an objective, in the reader's language. */
export function useSloHelp(): (field: string) => string | undefined {
  const { t } = useGnsTranslation();
  return field => {
    const key = `${field.replaceAll('.', '_')}Text`;
    return isHelp(key) ? t(`sloFields.${key}`) : undefined;
  };
}

function isHelp(key: string): key is HelpKey {
  return Object.hasOwn(sloEditMessages.sloFields, key);
}
