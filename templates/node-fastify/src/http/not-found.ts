import type { FastifyInstance, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import findMyWay, { type HTTPMethod } from 'find-my-way';
import { nothingHere, Problem } from '../errors.ts';

/** Tells a path that nobody knows (404) from one that knows other methods (405), before the body is read. */
export const notFound = fp(async (app: FastifyInstance) => {
  // The routes once more, in the router that Fastify itself has: it tells nobody what else is at a path.
  const router = findMyWay();
  const methods = new Set<HTTPMethod>();

  app.addHook('onRoute', ({ url, method }) => {
    for (const name of [method].flat() as HTTPMethod[]) {
      // CORS answers OPTIONS at any path, also where nothing is.
      const isPreflight = name === 'OPTIONS' && url.endsWith('*');
      if (!isPreflight && !router.hasRoute(name, url)) {
        router.on(name, url, () => {});
        methods.add(name);
      }
    }
  });

  const missing = ({ method, url }: FastifyRequest): Problem => {
    const known = Array.from(methods).filter((name) => router.find(name, url));
    return known.length === 0
      ? nothingHere()
      : new Problem(405, `${method} is not possible here.`, {
          headers: { Allow: known.join(', ') },
        });
  };

  app.addHook('preParsing', (request, _reply, _payload, done) => {
    done(request.is404 ? missing(request) : null);
  });
  app.setNotFoundHandler(nothingHere);
});
