import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Problem } from '../errors.ts';
import type { AnswerHeaders } from './headers.ts';

/** Answers on the bare socket, where there is no response object, and ends the connection. */
export function refuse(
  socket: Duplex,
  problem: Problem,
  headers: AnswerHeaders,
  requestId: string = randomUUID(),
): void {
  const body = JSON.stringify(problem);
  const lines = [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`,
    'Content-Type: application/problem+json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    `X-Request-Id: ${requestId}`,
    ...Array.from(headers, ([name, value]) => `${name}: ${value}`),
    'Connection: close',
  ];
  socket.end(`${lines.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
}
