import { NotAllowedError, ResponseError } from '@backstage/errors';
import { gnsStatusSchema } from '@isthmus/plugin-gns-common';
import { readProblem } from './readProblem';

async function answered(status: number): Promise<Error> {
  return ResponseError.fromResponse({
    ok: false,
    status,
    statusText: 'status',
    headers: new Headers({ 'content-type': 'text/plain' }),
    text: async () => 'text',
  } as Response & { statusText: string });
}

describe('readProblem', () => {
  it.each([
    [403, 'denied'],
    [401, 'denied'],
    [404, 'missing'],
    [500, 'failed'],
    [502, 'failed'],
  ])('status %d is "%s"', async (status, problem) => {
    expect(readProblem(await answered(status))).toBe(problem);
  });

  it('an answer that fits no schema is a mismatch of versions', () => {
    const { error } = gnsStatusSchema.safeParse({});
    expect(error).toBeDefined();
    expect(readProblem(error!)).toBe('mismatch');
  });

  it('an error of the portal itself counts by its name', () => {
    expect(readProblem(new NotAllowedError('no'))).toBe('denied');
  });

  it('a lost connection is a failure', () => {
    expect(readProblem(new TypeError('Failed to fetch'))).toBe('failed');
  });
});
