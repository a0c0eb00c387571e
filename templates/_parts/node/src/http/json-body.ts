import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import type { RequestHandler } from 'express';
import { Problem } from '../errors.ts';

/**
 * Reads a JSON body of at most `limit` bytes, and refuses any other. Unlike `express.json()` it refuses a
 * body that is too large before all of it has arrived, and one that is not UTF-8.
 */
export function jsonBody(limit: number): RequestHandler {
  return async (request, _response, next) => {
    const type = request.is('application/json');
    // `null` stands for no body at all, and an empty one without a type is no other.
    const isMissing = type === null || (!type && request.headers['content-length'] === '0');
    if (!isMissing) {
      if (!type || !isPlainUtf8(request)) {
        throw new Problem(415, 'The body must be JSON in UTF-8, sent as application/json.');
      }
      request.body = parse(await read(request, limit));
    }
    next();
  };
}

function isPlainUtf8({ headers }: IncomingMessage): boolean {
  const charset = /;\s*charset="?([^\s;"]*)/i.exec(headers['content-type'] ?? '')?.[1] ?? 'utf-8';
  const encoding = headers['content-encoding'] ?? 'identity';
  return /^utf-?8$/i.test(charset) && encoding.toLowerCase() === 'identity';
}

function read(request: IncomingMessage, limit: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const refuse = () => {
      // The rest is read and dropped: a client that still sends may not see an answer otherwise.
      request.off('data', collect).resume();
      reject(new Problem(413, 'The body is too large.'));
    };
    const collect = (chunk: Buffer) => {
      size += chunk.length;
      chunks.push(chunk);
      if (size > limit) {
        refuse();
      }
    };
    request.on('data', collect);
    request.once('end', () => resolve(Buffer.concat(chunks)));
    request.once('error', () => reject(new Problem(400, 'The body did not arrive.')));
    if (Number(request.headers['content-length']) > limit) {
      refuse();
    }
  });
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
