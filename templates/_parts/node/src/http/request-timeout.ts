import type { RequestHandler } from 'express';
import { Problem, sendProblem } from '../errors.ts';

/** Ends a request that takes longer with 503. What it started runs on, and its result is thrown away. */
export function requestTimeout(milliseconds: number): RequestHandler {
  return (request, response, next) => {
    const timer = setTimeout(() => {
      if (!response.headersSent) {
        // The rest of its body would still be waited for, and get an answer of its own.
        response.shouldKeepAlive &&= request.complete;
        sendProblem(response, new Problem(503, 'The request took too long.'));
      }
    }, milliseconds);
    response.once('close', () => clearTimeout(timer));
    next();
  };
}
