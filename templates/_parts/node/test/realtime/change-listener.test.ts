import { expect, vi } from 'vitest';
import { administer } from '../support/database.ts';
import { test } from '../support/service.ts';
import { connect } from './client.ts';

test('when the connection to the database is lost, clients are sent away until it is back', async ({
  databaseUrl,
  proxy,
  start,
}) => {
  const service = await start({}, proxy.url);
  const before = connect(service);
  await vi.waitUntil(() => before.messages.length === 1);

  proxy.cut();
  expect(await before.closed).toBe(1012);
  const during = connect(service);
  await vi.waitUntil(() => during.socket.readyState === during.socket.OPEN);
  expect(during.messages).toEqual([]);
  await administer(databaseUrl, "INSERT INTO notes (title, body) VALUES ('missed', '')");

  proxy.open();
  await vi.waitUntil(() => during.messages.length === 1, { timeout: 10_000 });
  expect(during.messages).toEqual([{ type: 'ready' }]);
  await administer(databaseUrl, "INSERT INTO notes (title, body) VALUES ('heard', '')");
  await vi.waitUntil(() => during.messages.length === 2);
  expect(during.messages[1]).toMatchObject({ type: 'note.created', note: { title: 'heard' } });
});

test('a connection that the server ends is made anew', async ({ databaseUrl, service }) => {
  const client = connect(service);
  await vi.waitUntil(() => client.messages.length === 1);
  await administer(
    databaseUrl,
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE datname = current_database() AND query LIKE 'LISTEN%'`,
  );
  expect(await client.closed).toBe(1012);
  const again = connect(service);
  await vi.waitUntil(() => again.messages.length === 1, { timeout: 10_000 });
});

test('a database that is away at the start is waited for', async ({ proxy, start }) => {
  proxy.cut();
  const service = await start({}, proxy.url);
  const client = connect(service);
  await vi.waitUntil(() => service.logged.some(({ level }) => level === 'warn'));
  proxy.open();
  await vi.waitUntil(() => client.messages.length === 1, { timeout: 10_000 });
});

test('a notification that is not of the trigger is ignored, and the next change is told', async ({
  databaseUrl,
  service,
}) => {
  const client = connect(service);
  await vi.waitUntil(() => client.messages.length === 1);
  for (const payload of ['', 'hello', 'null', '{}', '{"op":"INSERT","id":"x"}']) {
    await administer(databaseUrl, `NOTIFY notes_changed, '${payload}'`);
  }
  await administer(databaseUrl, "INSERT INTO notes (title, body) VALUES ('heard', '')");
  await vi.waitUntil(() => client.messages.length === 2);
  expect(client.messages[1]).toMatchObject({ type: 'note.created', note: { title: 'heard' } });
  const warnings = service.logged.filter(({ level }) => level === 'warn');
  expect(warnings.map(({ msg }) => msg)).toEqual(
    Array.from({ length: 5 }, () => 'a notification of another form is ignored'),
  );
});
