import { expect } from 'vitest';
import { note, notePage } from '../../src/notes/schema.ts';
import { test } from '../support/service.ts';

test('a note is created, and found where the answer says', async ({ service }) => {
  const created = await service.send('POST', '/api/notes', { title: ' Milk ', body: 'two' });
  expect(created.status).toBe(201);
  const body = note.parse(await created.json());
  expect(body).toMatchObject({ title: 'Milk', body: 'two' });
  expect(created.headers.get('Location')).toBe(`/api/notes/${body.id}`);

  const found = await service.request(`/api/notes/${body.id}`);
  expect(found.status).toBe(200);
  expect(await found.json()).toEqual(body);
});

test('a note is changed', async ({ service }) => {
  const before = note.parse(
    await (await service.send('POST', '/api/notes', { title: 'x' })).json(),
  );
  const response = await service.send('PATCH', `/api/notes/${before.id}`, { title: ' y ' });
  expect(response.status).toBe(200);
  const after = note.parse(await response.json());
  expect(after).toEqual({ ...before, title: 'y', updated_at: after.updated_at });
  expect(after.updated_at > before.updated_at).toBe(true);
});

test('a note is deleted once', async ({ service }) => {
  const { id } = note.parse(
    await (await service.send('POST', '/api/notes', { title: 'x' })).json(),
  );
  const response = await service.request(`/api/notes/${id}`, { method: 'DELETE' });
  expect([response.status, await response.text()]).toEqual([204, '']);
  expect((await service.request(`/api/notes/${id}`, { method: 'DELETE' })).status).toBe(404);
});

test('the list is read page by page', async ({ service }) => {
  for (const title of ['1', '2', '3']) {
    await service.send('POST', '/api/notes', { title });
  }
  const first = notePage.parse(await (await service.request('/api/notes?limit=2')).json());
  expect(first.items.map(({ title }) => title)).toEqual(['3', '2']);
  const next = await service.request(`/api/notes?limit=2&cursor=${first.next_cursor}`);
  const second = notePage.parse(await next.json());
  expect(second.items.map(({ title }) => title)).toEqual(['1']);
  expect(second.next_cursor).toBeNull();
});

test('HEAD is GET without the body', async ({ service }) => {
  const get = await service.request('/api/notes');
  const head = await service.request('/api/notes', { method: 'HEAD' });
  expect(head.status).toBe(200);
  expect(head.headers.get('Content-Length')).toBe(get.headers.get('Content-Length'));
  expect(await head.text()).toBe('');
});

test.for(['x', '00000000-0000-4000-8000-000000000000', '00000000-0000-4000-8000-00000000000g'])(
  'there is no note %s',
  async (id, { service }) => {
    const path = `/api/notes/${id}`;
    expect((await service.request(path)).status).toBe(404);
    expect((await service.request(path, { method: 'DELETE' })).status).toBe(404);
    const response = await service.send('PATCH', path, { title: 'x' });
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ title: 'Not Found', status: 404 });
  },
);

test('every fault of a body is named at once', async ({ service }) => {
  const response = await service.send('POST', '/api/notes', { title: ' ', body: 1, x: 1 });
  expect(response.status).toBe(422);
  expect(await response.json()).toEqual({
    type: 'about:blank',
    title: 'Unprocessable Entity',
    status: 422,
    detail: 'The body does not have the form that is asked for.',
    errors: [
      { pointer: '/body/title', detail: 'must not be empty' },
      { pointer: '/body/body', detail: 'must be a string' },
      { pointer: '/body/x', detail: 'is not known' },
    ],
  });
});

test('every fault of a query is named at once', async ({ service }) => {
  const response = await service.request('/api/notes?limit=0&cursor=x');
  expect(response.status).toBe(422);
  expect(await response.json()).toMatchObject({
    errors: [{ pointer: '/query/limit' }, { pointer: '/query/cursor' }],
  });
});

test('a change of nothing is refused', async ({ service }) => {
  const { id } = note.parse(
    await (await service.send('POST', '/api/notes', { title: 'x' })).json(),
  );
  expect((await service.send('PATCH', `/api/notes/${id}`, {})).status).toBe(422);
});
