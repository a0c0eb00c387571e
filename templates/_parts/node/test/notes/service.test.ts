import { describe, expect } from 'vitest';
import { createNotesService } from '../../src/notes/service.ts';
import { administer } from '../support/database.ts';
import { test } from '../support/service.ts';

const NOBODY = '00000000-0000-4000-8000-000000000000';

test('a note can be written, read, changed and deleted', async ({ service }) => {
  const notes = createNotesService(service.database);
  const note = await notes.create({ title: 'Milk', body: '' });
  expect(await notes.find(note.id)).toEqual(note);

  const changed = await notes.change(note.id, { body: 'two' });
  expect(changed).toEqual({ ...note, body: 'two', updated_at: expect.any(String) });
  expect(changed?.updated_at.localeCompare(note.updated_at)).toBe(1);

  expect(await notes.remove(note.id)).toEqual(changed);
  expect(await notes.find(note.id)).toBeUndefined();
});

test('what does not exist is undefined', async ({ service }) => {
  const notes = createNotesService(service.database);
  expect(await notes.find(NOBODY)).toBeUndefined();
  expect(await notes.change(NOBODY, { title: 'x' })).toBeUndefined();
  expect(await notes.remove(NOBODY)).toBeUndefined();
});

describe('the list', () => {
  test('has every note once, newest first, also those of one and the same microsecond', async ({
    databaseUrl,
    service,
  }) => {
    await administer(
      databaseUrl,
      `INSERT INTO notes (title, body, created_at)
       SELECT n, '', timestamptz '2026-01-01' + (n / 3) * interval '1 microsecond'
       FROM generate_series(1, 20) AS n`,
    );
    const notes = createNotesService(service.database);
    const all = (await notes.list({ limit: 100 })).items;
    expect(all).toHaveLength(20);
    const instants = all.map(({ title }) => Math.floor(Number(title) / 3));
    expect(instants).toEqual(instants.toSorted((a, b) => b - a));

    const paged = [];
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const page = await notes.list({ limit: 7, ...(cursor && { cursor }) });
      paged.push(...page.items);
      cursor = page.next_cursor;
    }
    expect(paged).toEqual(all);
  });

  test('goes on at the same place while notes are added and deleted', async ({ service }) => {
    const notes = createNotesService(service.database);
    for (const title of ['1', '2', '3', '4']) {
      await notes.create({ title, body: '' });
    }
    const first = await notes.list({ limit: 2 });
    expect(first.items.map(({ title }) => title)).toEqual(['4', '3']);
    for (const { id } of first.items) {
      await notes.remove(id);
    }
    await notes.create({ title: '5', body: '' });
    const second = await notes.list({ limit: 2, cursor: first.next_cursor ?? '' });
    expect(second.items.map(({ title }) => title)).toEqual(['2', '1']);
    expect(second.next_cursor).toBeNull();
  });

  test('is read from the index', async ({ databaseUrl }) => {
    await administer(
      databaseUrl,
      "INSERT INTO notes (title, body) SELECT n, '' FROM generate_series(1, 5000) AS n",
    );
    const { rows } = await administer(
      databaseUrl,
      'EXPLAIN SELECT * FROM notes ORDER BY created_at DESC, id DESC LIMIT 20',
    );
    expect(JSON.stringify(rows)).toContain('Index Scan Backward using notes_created_at_id');
  });
});
