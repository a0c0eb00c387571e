import { expect } from 'vitest';
import { test } from './support/service.ts';

test('the documentation is a page that needs no other host', async ({ service }) => {
  const response = await service.request('/docs');
  expect(response.status).toBe(200);
  const policy = response.headers.get('Content-Security-Policy');
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toMatch(/https?:|\*/);

  const page = await response.text();
  const links = Array.from(page.matchAll(/(?:src|href)="([^"#]+)"/g), ([, link]) => link ?? '');
  expect(links).toContain('./docs/swagger-ui-init.js');
  for (const link of links) {
    const file = await service.request(link.replace('./', '/'));
    expect([link, file.status]).toEqual([link, 200]);
    expect(file.headers.get('Content-Security-Policy')).toBe(policy);
    await file.arrayBuffer();
  }
});

test('the documentation shows the document of this service', async ({ service }) => {
  const script = await (await service.request('/docs/swagger-ui-init.js')).text();
  expect(script).toContain('"operationId": "createNote"');
  expect(script).toContain('"validatorUrl": null');
  expect((await service.request('/openapi.json')).status).toBe(200);
});
