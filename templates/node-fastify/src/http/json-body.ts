import { isUtf8 } from 'node:buffer';
import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { Problem } from '../errors.ts';

/** Reads bodies of JSON, and refuses any other. Unlike Fastify's own parser it refuses one that is not UTF-8. */
export const jsonBody = fp(async (app: FastifyInstance) => {
  // Some clients name a type for a body that they do not send.
  app.addHttpMethod('DELETE', { hasBody: false, overrideExisting: true });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer' },
    async ({ headers }: FastifyRequest, body: Buffer) => {
      if (!isPlainUtf8(headers)) {
        throw new Problem(415, 'The body must be JSON in UTF-8, sent as application/json.');
      }
      return parse(body);
    },
  );
});

function isPlainUtf8(headers: IncomingHttpHeaders): boolean {
  const charset = /;\s*charset="?([^\s;"]*)/i.exec(headers['content-type'] ?? '')?.[1] ?? 'utf-8';
  const encoding = headers['content-encoding'] ?? 'identity';
  return /^utf-?8$/i.test(charset) && encoding.toLowerCase() === 'identity';
}

function parse(body: Buffer): unknown {
  // Decoded regardless, other bytes would be stored as replacement characters.
  if (!isUtf8(body)) {
    throw new Problem(400, 'The body is not valid JSON.');
  }
  try {
    return JSON.parse(body.toString());
  } catch (cause) {
    throw new Problem(400, 'The body is not valid JSON.', { cause });
  }
}
