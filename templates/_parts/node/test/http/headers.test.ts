import { expect } from 'vitest';
import { test } from '../support/service.ts';

const PATHS = ['/livez', '/readyz', '/docs', '/openapi.json', '/api/notes', '/api/notes/x', '/x'];

test('every answer has the security headers and tells nothing of the software', async ({
  service,
}) => {
  for (const path of PATHS) {
    const { headers } = await service.request(path);
    expect(Object.fromEntries(headers)).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cross-origin-resource-policy': 'same-origin',
      'content-security-policy': expect.stringContaining("default-src 'none'"),
    });
    expect(headers.get('Strict-Transport-Security')).toBeNull();
    expect(headers.get('X-Powered-By')).toBeNull();
    expect(headers.get('Server')).toBeNull();
  }
});

test('production asks browsers for HTTPS', async ({ start }) => {
  const service = await start({ NODE_ENV: 'production' });
  const { headers } = await service.request('/livez');
  expect(headers.get('Strict-Transport-Security')).toBe('max-age=31536000; includeSubDomains');
});

test('answers of the API are kept by nobody', async ({ service }) => {
  for (const path of ['/api/notes', '/api/notes/x', '/api/x']) {
    const { headers } = await service.request(path);
    expect(headers.get('Cache-Control')).toBe('no-store');
    expect(headers.get('ETag')).toBeNull();
  }
});
