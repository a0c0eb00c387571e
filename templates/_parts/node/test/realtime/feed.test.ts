import { expect, vi } from 'vitest';
import { createLog } from '../../src/log.ts';
import { note } from '../../src/notes/schema.ts';
import type { Clients } from '../../src/realtime/clients.ts';
import { Feed } from '../../src/realtime/feed.ts';
import { administer } from '../support/database.ts';
import { test } from '../support/service.ts';
import { connect } from './client.ts';

test('every change is told in order, whichever process made it', async ({ start }) => {
  const [here, there] = [await start(), await start()];
  const client = connect(here);
  await vi.waitUntil(() => client.messages.length === 1);

  const created = note.parse(await (await there.send('POST', '/api/notes', { title: 'x' })).json());
  const path = `/api/notes/${created.id}`;
  await vi.waitUntil(() => client.messages.length === 2);
  const updated = await (await here.send('PATCH', path, { title: 'y' })).json();
  await vi.waitUntil(() => client.messages.length === 3);
  await there.request(path, { method: 'DELETE' });
  await vi.waitUntil(() => client.messages.length === 4);

  expect(client.messages).toEqual([
    { type: 'ready' },
    { type: 'note.created', note: created },
    { type: 'note.updated', note: updated },
    { type: 'note.deleted', note: { id: created.id } },
  ]);
});

test('changes by any other program are told too, once they are committed', async ({
  databaseUrl,
  service,
}) => {
  const client = connect(service);
  await vi.waitUntil(() => client.messages.length === 1);
  await administer(
    databaseUrl,
    "BEGIN; INSERT INTO notes (title, body) VALUES ('no', ''); ROLLBACK",
  );
  await administer(
    databaseUrl,
    "INSERT INTO notes (title, body) SELECT n, '' FROM generate_series(1, 500) AS n",
  );
  await vi.waitUntil(() => client.messages.length === 501, { timeout: 10_000 });
  const titles = client.messages.slice(1).map((message) => Number(message.note?.title));
  expect(titles).toEqual(Array.from({ length: 500 }, (_, index) => index + 1));
});

test('changes that come faster than they are told are all told, as they were made', async ({
  databaseUrl,
  service,
}) => {
  const client = connect(service);
  await vi.waitUntil(() => client.messages.length === 1);
  await administer(
    databaseUrl,
    "INSERT INTO notes (title, body) VALUES ('1', ''); UPDATE notes SET title = '2'; DELETE FROM notes",
  );
  await vi.waitUntil(() => client.messages.length === 4);
  expect(client.messages.map(({ type, note }) => [type, note?.title])).toEqual([
    ['ready', undefined],
    ['note.created', '1'],
    ['note.updated', '2'],
    ['note.deleted', undefined],
  ]);
});

const LARGE = "repeat('x', 10000)";

test('a note that is too large to be told with its change is looked up', async ({ service }) => {
  const client = connect(service);
  await vi.waitUntil(() => client.messages.length === 1);
  const response = await service.send('POST', '/api/notes', { title: 'x', body: 'x'.repeat(9000) });
  await vi.waitUntil(() => client.messages.length === 2);
  expect(client.messages[1]).toEqual({ type: 'note.created', note: await response.json() });
});

test('a large note that is gone before it could be looked up is only told to be gone', async ({
  databaseUrl,
  service,
}) => {
  const client = connect(service);
  await vi.waitUntil(() => client.messages.length === 1);
  await administer(
    databaseUrl,
    `INSERT INTO notes (title, body) VALUES ('x', ${LARGE}); DELETE FROM notes`,
  );
  await vi.waitUntil(() => client.messages.length > 1);
  expect(client.messages.map(({ type }) => type)).toEqual(['ready', 'note.deleted']);
});

test('when changes cannot be looked up, everyone starts anew', async ({ databaseUrl, service }) => {
  const client = connect(service);
  await vi.waitUntil(() => client.messages.length === 1);
  await administer(databaseUrl, 'ALTER TABLE notes RENAME COLUMN title TO heading');
  await administer(databaseUrl, `INSERT INTO notes (heading, body) VALUES ('x', ${LARGE})`);
  expect(await client.closed).toBe(1012);
  expect(service.logged).toContainEqual(
    expect.objectContaining({ level: 'error', msg: 'changes could not be looked up' }),
  );

  await administer(databaseUrl, 'ALTER TABLE notes RENAME COLUMN heading TO title');
  const again = connect(service);
  await vi.waitUntil(() => again.messages.length === 1);
  await service.send('POST', '/api/notes', { title: 'y' });
  await vi.waitUntil(() => again.messages.length === 2);
});

test('what was not told when the connection was lost is not told later', async ({ service }) => {
  const { id } = note.parse(
    await (await service.send('POST', '/api/notes', { title: 'x' })).json(),
  );
  const told: object[] = [];
  const clients = { isEmpty: false, broadcast: (message: object) => told.push(message) };
  const feed = new Feed(service.database, clients as unknown as Clients, createLog('error'));

  feed.push({ op: 'UPDATE', id }); // is being looked up
  feed.push({ op: 'UPDATE', id });
  feed.forget();
  feed.push({ op: 'DELETE', id });
  await vi.waitUntil(() => told.length > 0);
  expect(told).toEqual([{ type: 'note.deleted', note: { id } }]);
});
