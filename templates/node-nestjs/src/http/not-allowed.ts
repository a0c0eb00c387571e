import type { Request } from 'express';
import { Problem } from '../errors.ts';

/** What Express keeps for each route. */
interface Layer {
  route?: { methods: Record<string, boolean> };
  match(path: string): boolean;
}

/** Ends a request that no handler took: 405 when its path is known by other methods, else 404. */
export function nothingHere(request: Request): never {
  const methods = methodsAt(request);
  if (methods.length === 0) {
    throw new Problem(404, 'There is nothing here.');
  }
  throw new Problem(405, `${request.method} is not possible here.`, {
    headers: { Allow: methods.join(', ') },
  });
}

function methodsAt({ app, path }: Request): string[] {
  const layers = app.router.stack as unknown as Layer[];
  const methods = layers
    .filter((layer) => layer.route && layer.match(path))
    .flatMap((layer) => Object.keys(layer.route?.methods ?? {}))
    .map((method) => method.toUpperCase());
  return Array.from(new Set(methods), (method) => (method === 'GET' ? 'GET, HEAD' : method));
}
