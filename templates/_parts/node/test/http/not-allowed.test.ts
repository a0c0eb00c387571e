import { expect } from 'vitest';
import { test } from '../support/service.ts';

const ID = '00000000-0000-4000-8000-000000000000';

test.for([
  ['/livez', 'GET, HEAD'],
  ['/readyz', 'GET, HEAD'],
  ['/docs', 'GET, HEAD'],
  ['/openapi.json', 'GET, HEAD'],
  ['/api/notes', 'GET, HEAD, POST'],
  [`/api/notes/${ID}`, 'GET, HEAD, PATCH, DELETE'],
] as const)('%s knows only %s', async ([path, allow], { service }) => {
  for (const method of ['PUT', 'OPTIONS', 'PROPFIND']) {
    const response = await service.request(path, { method });
    expect(response.status).toBe(405);
    expect(response.headers.get('Allow')).toBe(allow);
    expect(await response.json()).toMatchObject({ title: 'Method Not Allowed' });
  }
});
