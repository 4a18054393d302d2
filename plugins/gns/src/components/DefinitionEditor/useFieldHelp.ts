import { editingMessages } from '../../messages/editing';
import { useGnsTranslation } from '../../useGnsTranslation';

type HelpKey = Extract<keyof typeof editingMessages.fields, `${string}Text`>;

/** Help on a field of a global namespace, in the reader's language. */
export function useFieldHelp(): (field: string) => string | undefined {
  const { t } = useGnsTranslation();
  return field => {
    const key = `${field.replaceAll('.', '_')}Text`;
    return isHelp(key) ? t(`fields.${key}`) : undefined;
  };
}

function isHelp(key: string): key is HelpKey {
  return Object.hasOwn(editingMessages.fields, key);
}
