/** A question as it stands in the address. */
export interface Question {
  from: string;
  to: string;
  /** Digits; empty: any port. */
  port: string;
}

/** Reads the question of an address; what is no port is no port. */
export function questionOf(params: URLSearchParams): Question {
  const port = params.get('port') ?? '';
  return {
    from: params.get('from')?.trim() ?? '',
    to: params.get('to')?.trim() ?? '',
    port: isPort(port) ? port : '',
  };
}

export function isPort(text: string): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535;
}
