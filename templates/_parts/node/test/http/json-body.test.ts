import { once } from 'node:events';
import http from 'node:http';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { describe, expect } from 'vitest';
import { type Service, test } from '../support/service.ts';

const post = (
  service: Service,
  body: NonNullable<RequestInit['body']>,
  headers: Record<string, string> = {},
) =>
  service.request('/api/notes', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body,
  });

const note = (size: number) => `{"title":"x","body":"${'x'.repeat(size)}"}`;

describe('a body', () => {
  test.for(['', '{', '{"title":"x",}', 'null x', "{'title':'x'}"])(
    'that is not JSON is a 400: %s',
    async (body, { service }) => {
      const response = await post(service, body);
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ detail: 'The body is not valid JSON.' });
    },
  );

  test('that is not UTF-8 is a 400', async ({ service }) => {
    const response = await post(service, Buffer.from('{"title":"\xe9"}', 'latin1'));
    expect(response.status).toBe(400);
  });

  test.for(['null', '3', '"x"', '[]'])(
    'that is JSON but no object is a 422: %s',
    async (body, { service }) => {
      const response = await post(service, body);
      expect(response.status).toBe(422);
      expect(await response.json()).toMatchObject({ errors: [{ pointer: '/body' }] });
    },
  );

  test('that is missing is a 422', async ({ service }) => {
    const response = await service.request('/api/notes', { method: 'POST' });
    expect(response.status).toBe(422);
  });

  test.for(['text/plain', 'application/x-www-form-urlencoded', 'application/problem+json'])(
    'of the type %s is a 415',
    async (type, { service }) => {
      expect((await post(service, '{"title":"x"}', { 'Content-Type': type })).status).toBe(415);
    },
  );

  test('with a charset or an encoding that is not known is a 415', async ({ service }) => {
    const type = { 'Content-Type': 'application/json; charset=latin1' };
    expect((await post(service, '{"title":"x"}', type)).status).toBe(415);
    const packed = gzipSync('{"title":"x"}');
    expect((await post(service, packed, { 'Content-Encoding': 'gzip' })).status).toBe(415);
  });

  test('may name its charset', async ({ service }) => {
    const type = { 'Content-Type': 'Application/JSON; Charset="UTF-8"' };
    expect((await post(service, '{"title":"x"}', type)).status).toBe(201);
  });

  test('that is too large is a 413', async ({ start }) => {
    const service = await start({ BODY_LIMIT_BYTES: '1000' });
    expect((await post(service, note(900))).status).toBe(201);
    expect((await post(service, note(1000))).status).toBe(413);
  });

  test.for([
    ['says', { 'Content-Length': '1000000' }, '{'],
    ['streams', { 'Transfer-Encoding': 'chunked' }, note(1000)],
  ] as const)(
    'that %s that it is too large is a 413 before it has arrived',
    async ([, headers, beginning], { start }) => {
      const service = await start({ BODY_LIMIT_BYTES: '1000' });
      const request = http.request(`${service.url}/api/notes`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', ...headers },
      });
      request.on('error', () => {});
      request.write(beginning);
      const [response] = (await once(request, 'response')) as [http.IncomingMessage];
      expect(response.statusCode).toBe(413);
      expect(JSON.parse(await text(response))).toMatchObject({ detail: 'The body is too large.' });
      request.destroy();
    },
  );

  test('that breaks off does no harm', async ({ service }) => {
    const request = http.request(`${service.url}/api/notes`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'Content-Length': '100' },
    });
    request.on('error', () => {});
    request.write('{');
    await once(service.server, 'request');
    request.destroy();
    await expect
      .poll(() => service.logged)
      .toContainEqual(expect.objectContaining({ msg: 'request', aborted: true }));
    expect((await service.request('/livez')).status).toBe(200);
    expect(service.logged.filter(({ level }) => level === 'error')).toEqual([]);
  });
});
