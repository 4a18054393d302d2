import { badRequest } from './statusErrors';

/** `true` or `1`. */
export function isTrue(value: string | null): boolean {
  return value === 'true' || value === '1';
}

/** A whole number; undefined when it is not there. */
export function integerParameter(
  query: URLSearchParams,
  key: string,
): number | undefined {
  const value = query.get(key);
  if (value === null || value === '') return undefined;
  const number = Number(value);
  if (!Number.isInteger(number)) {
    throw badRequest(
      `strconv.ParseInt: parsing ${JSON.stringify(value)}: invalid syntax`,
    );
  }
  return number;
}
