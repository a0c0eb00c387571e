import type { FastifyInstance, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { nothingHere, Problem } from '../errors.ts';

/** Tells a path that nobody knows (404) from one that knows other methods (405), before the body is read. */
export const notFound = fp(async (app: FastifyInstance) => {
  const routes = new Map<string, { pattern: URLPattern; methods: Set<string> }>();

  app.addHook('onRoute', ({ url, method }) => {
    const route = routes.get(url) ?? {
      pattern: new URLPattern({ pathname: url }),
      methods: new Set(),
    };
    routes.set(url, route);
    for (const name of [method].flat()) {
      route.methods.add(name);
    }
  });

  const missing = ({ method, url }: FastifyRequest): Problem => {
    const [pathname = ''] = url.split('?', 1);
    for (const { pattern, methods } of routes.values()) {
      if (!methods.has(method) && pattern.test({ pathname })) {
        return new Problem(405, `${method} is not possible here.`, {
          headers: { Allow: [...methods].join(', ') },
        });
      }
    }
    return nothingHere();
  };

  app.addHook('preParsing', (request, _reply, _payload, done) => {
    done(request.is404 ? missing(request) : null);
  });
  app.setNotFoundHandler(nothingHere);
});
