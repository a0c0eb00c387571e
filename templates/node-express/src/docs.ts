import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { Router } from 'express';
import { onlyAllows } from './http/not-allowed.ts';

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>API</title>
    <link rel="icon" href="/docs/favicon-32x32.png">
    <link rel="stylesheet" href="/docs/swagger-ui.css">
  </head>
  <body>
    <div id="docs"></div>
    <script src="/docs/swagger-ui-bundle.js"></script>
    <script src="/docs/start.js"></script>
  </body>
</html>
`;

// Without `validatorUrl` it would show a badge from another host.
const START = `SwaggerUIBundle({ url: '/openapi.json', dom_id: '#docs', validatorUrl: null });\n`;

const FILES = ['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png'];
const FOLDER = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));

/** `/openapi.json`, and `/docs` to read it in a browser: everything comes from this service. */
export function docsRoutes(openApi: object): Router {
  const router = Router();
  router
    .route('/openapi.json')
    .get((_request, response) => {
      response.json(openApi);
    })
    .all(onlyAllows('GET', 'HEAD'));

  router.use('/docs', (_request, response, next) => {
    response.setHeader('Content-Security-Policy', POLICY);
    next();
  });
  router
    .route('/docs')
    .get((_request, response) => {
      response.type('html').send(PAGE);
    })
    .all(onlyAllows('GET', 'HEAD'));
  router.get('/docs/start.js', (_request, response) => {
    response.type('js').send(START);
  });
  for (const file of FILES) {
    router.get(`/docs/${file}`, (_request, response) => {
      response.sendFile(file, { root: FOLDER });
    });
  }
  return router;
}
