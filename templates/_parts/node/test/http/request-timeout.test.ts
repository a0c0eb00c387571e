import { once } from 'node:events';
import net from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { administer } from '../support/database.ts';
import { test } from '../support/service.ts';

test('a request that takes too long is ended with 503, and its late result does no harm', async ({
  databaseUrl,
  start,
}) => {
  const service = await start({ REQUEST_TIMEOUT_MS: '100' });
  await administer(
    databaseUrl,
    `CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql
       AS $$ BEGIN PERFORM pg_sleep(0.3); RETURN NEW; END $$;
     CREATE TRIGGER slow BEFORE INSERT ON notes FOR EACH ROW EXECUTE FUNCTION slow()`,
  );
  const response = await service.send('POST', '/api/notes', { title: 'x' });
  expect(response.status).toBe(503);
  expect(await response.json()).toMatchObject({ detail: 'The request took too long.' });

  await sleep(400);
  expect((await service.request('/livez')).status).toBe(200);
  const { logged } = service;
  expect(logged.filter(({ level }) => level === 'error' || level === 'warn')).toEqual([]);
  expect(logged).toContainEqual(expect.objectContaining({ msg: 'request', status: 503 }));
});

test('a body that does not come in time is answered once, and ends the connection', async ({
  start,
}) => {
  const service = await start({ REQUEST_TIMEOUT_MS: '100' });
  const { port } = service.server.address() as net.AddressInfo;
  const socket = net.connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.write(
    'POST /api/notes HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{',
  );
  const answers = await text(socket);
  expect(answers.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 503']);
  expect(answers).toMatch(/connection: close/i);
});
