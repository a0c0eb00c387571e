import type { Socket } from 'node:net';
import type { ConnectionError } from 'fastify';
import { Problem } from '../errors.ts';
import type { AnswerHeaders } from './headers.ts';
import { refuse } from './refuse.ts';

/** Answers what is not HTTP, of which there is no request. */
export function clientErrorHandler(headers: AnswerHeaders) {
  return (error: ConnectionError, socket: Socket): void => {
    if (socket.writable) {
      refuse(socket, protocolProblem(error.code), headers);
    } else {
      socket.destroy();
    }
  };
}

function protocolProblem(code: string | undefined): Problem {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return new Problem(431, 'The headers are too large.');
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new Problem(408, 'The request did not arrive in time.');
    default:
      return new Problem(400, 'This is not HTTP.');
  }
}
