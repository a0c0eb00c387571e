import type { NestExpressApplication } from '@nestjs/platform-express';
import { SwaggerModule } from '@nestjs/swagger';
import { setHeaders } from './http/headers.ts';
import { createDocument } from './openapi.ts';

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

/** `/openapi.json`, and `/docs` to read it in a browser: everything comes from this service. */
export function serveDocs(app: NestExpressApplication): void {
  app.use('/docs', setHeaders(new Map([['Content-Security-Policy', POLICY]])));
  SwaggerModule.setup('docs', app, createDocument(app), {
    raw: ['json'],
    jsonDocumentUrl: 'openapi.json',
    customSiteTitle: 'API',
    // Unset, the page would show a badge from another host.
    swaggerOptions: { validatorUrl: null },
  });
}
