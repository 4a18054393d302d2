import {
  createExtensionDataRef,
  type TranslationApi,
} from '@backstage/frontend-plugin-api';
import { type gnsMessages, gnsTranslationRef } from '../translation';

/** A title in the reader's language, asked for each time the language changes. */
export type TranslatedTitle = (api: TranslationApi) => string;

/** Title of a view or tab. */
export const titleDataRef = createExtensionDataRef<TranslatedTitle>().with({
  id: 'gns.title',
});

type MessageKey =
  | `views.${keyof typeof gnsMessages.views}`
  | `tabs.${keyof typeof gnsMessages.tabs}`;

/** A title out of our own messages; empty for the moment in which a language loads. */
export function ownTitle(key: MessageKey): TranslatedTitle {
  return api => {
    const translation = api.getTranslation(gnsTranslationRef);
    return translation.ready ? translation.t(key) : '';
  };
}
