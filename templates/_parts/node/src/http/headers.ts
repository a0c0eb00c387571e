import type { RequestHandler } from 'express';

export type AnswerHeaders = Map<string, string>;

/** What an API tells browsers: never to sniff, frame, embed or run its answers. */
export function securityHeaders(production: boolean): AnswerHeaders {
  const headers = new Map([
    ['X-Content-Type-Options', 'nosniff'],
    ['X-Frame-Options', 'DENY'],
    ['Referrer-Policy', 'no-referrer'],
    ['Cross-Origin-Resource-Policy', 'same-origin'],
    ['Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'"],
  ]);
  if (production) {
    headers.set('Strict-Transport-Security', 'max-age=31536000; includeSubDomains');
  }
  return headers;
}

/** Puts the same headers on every answer that comes after. */
export function setHeaders(headers: AnswerHeaders): RequestHandler {
  return (_request, response, next) => {
    response.setHeaders(headers);
    next();
  };
}
