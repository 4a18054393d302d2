import type { JSX } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { gnsTranslationRef, type gnsMessages } from './translation';

/**
 * `useTranslationRef` of this plugin with types of its own. Those of the
 * framework look at all messages at each call: with our two thousand they made
 * the type check five times as long. These look at the message that is asked
 * for only; keys, placeholders and counts are checked as before.
 */

type Messages = typeof gnsMessages;
type PluralForm = 'zero' | 'one' | 'two' | 'few' | 'many' | 'other';
type WithoutForm<K extends string> = K extends `${infer Base}_${PluralForm}`
  ? Base
  : K;

type KeysOf<T> = {
  [K in keyof T & string]: T[K] extends string
    ? WithoutForm<K>
    : `${K}.${KeysOf<T[K]>}`;
}[keyof T & string];

/** `page.title`, and for plurals the key without its form. */
export type GnsMessageKey = KeysOf<Messages>;

/** The text under a key; for plurals all its forms. */
type TextOf<T, K extends string> = K extends `${infer Group}.${infer Rest}`
  ? Group extends keyof T
    ? TextOf<T[Group], Rest>
    : never
  : T[keyof T & (K | `${K}_${PluralForm}`)];

type IsCounted<T, K extends string> = K extends `${infer Group}.${infer Rest}`
  ? Group extends keyof T
    ? IsCounted<T[Group], Rest>
    : never
  : keyof T & `${K}_${PluralForm}` extends never
  ? never
  : 'count';

type Trim<T extends string> = T extends ` ${infer U}`
  ? Trim<U>
  : T extends `${infer U} `
  ? Trim<U>
  : T;

/** Placeholders of a message: `{{name}}`, `{{rate, number}}`. */
type Names<Message> =
  Message extends `${string}{{${infer Inside}}}${infer Rest}`
    ?
        | Trim<Inside extends `${infer Name},${string}` ? Name : Inside>
        | Names<Rest>
    : never;

type Needs<K extends string> =
  | Names<TextOf<Messages, K>>
  | IsCounted<Messages, K>;

type ValuesOf<N extends string, V> = [N] extends [never]
  ? [values?: Record<string, never>]
  : [values: { [Name in N]: Name extends 'count' ? number : V }];

type Values<K extends GnsMessageKey, V> = ValuesOf<Needs<K>, V>;

/** Texts with text and numbers in them are text; those with elements in them are elements. */
export interface GnsTranslate {
  <K extends GnsMessageKey>(
    key: K,
    ...values: Values<K, string | number>
  ): string;
  <K extends GnsMessageKey>(
    key: K,
    ...values: Values<K, string | number | JSX.Element>
  ): JSX.Element;
}

/** The texts of the plugin in the reader's language. */
export function useGnsTranslation(): { t: GnsTranslate } {
  const { t } = useTranslationRef(gnsTranslationRef);
  return { t: t as unknown as GnsTranslate };
}
