import type { IncomingHttpHeaders } from 'node:http';
import { z } from 'zod';
import { Problem } from '../errors.ts';

/** Origins, as the environment spells them: separated by commas. */
export const origins = z
  .string()
  .default('')
  .transform((text, context) => {
    const named = text.split(',').map((part) => part.trim());
    const pages = named.filter((part) => part !== '').map(webPage);
    if (pages.every(isOrigin)) {
      return new Set(pages.map(({ origin }) => origin));
    }
    context.addIssue('must be origins such as https://app.example.com, separated by commas');
    return z.NEVER;
  });

/**
 * Why the page that asks may not listen: browsers let a page of any origin open a WebSocket, and send the
 * user's cookies along. What names no origin is no page, but a program.
 */
export function checkOrigin(
  { origin, host }: IncomingHttpHeaders,
  allowed: z.output<typeof origins>,
): Problem | undefined {
  if (origin === undefined) {
    return undefined;
  }
  const page = webPage(origin);
  if (page) {
    const ours = URL.parse(`${page.protocol}//${host}`);
    if (page.host === ours?.host || allowed.has(page.origin)) {
      return undefined;
    }
  }
  const name = /^[ -~]{1,200}$/.test(origin) ? origin : 'this origin';
  return new Problem(403, `Pages of ${name} may not listen; ALLOWED_ORIGINS names those that may.`);
}

/** Other origins, such as `null` and `file://`, are nobody's. */
function webPage(origin: string): URL | null {
  const url = URL.parse(origin);
  return url && ['http:', 'https:'].includes(url.protocol) ? url : null;
}

function isOrigin(page: URL | null): page is URL {
  return page !== null && page.href === `${page.origin}/`;
}
