import { InputError } from '@backstage/errors';
import express, { type Request, type Response } from 'express';
import { ContentTooLargeError } from './errors';

function toReadableError(error: unknown, limit: number): unknown {
  const { type, message } = Object(error);
  if (type === 'entity.too.large') {
    return new ContentTooLargeError(
      `body: it is larger than ${limit} bytes after decompression. Send less at once`,
    );
  }
  if (type === 'entity.parse.failed') {
    return new InputError(`body: it is no JSON. ${message}`);
  }
  return error;
}

/**
 * Reads a JSON body of at most `limit` bytes, counted while it is inflated, so
 * that a small body cannot become a large one.
 * @throws ContentTooLargeError, InputError
 */
export async function readJsonBody(
  request: Request,
  response: Response,
  limit: number,
): Promise<unknown> {
  const parse = express.json({ limit, inflate: true, strict: false });
  await new Promise<void>((resolve, reject) => {
    parse(request, response, (error?: unknown) => {
      if (error) reject(toReadableError(error, limit));
      else resolve();
    });
  });
  return request.body;
}
