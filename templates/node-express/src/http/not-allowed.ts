import type { RequestHandler } from 'express';
import { Problem } from '../errors.ts';

/** Ends a known path: any method that no handler before it took is answered with 405. */
export function onlyAllows(...methods: string[]): RequestHandler {
  const allow = methods.join(', ');
  return (request) => {
    throw new Problem(405, `${request.method} is not possible here.`, {
      headers: { Allow: allow },
    });
  };
}

export const nothingHere: RequestHandler = () => {
  throw new Problem(404, 'There is nothing here.');
};
