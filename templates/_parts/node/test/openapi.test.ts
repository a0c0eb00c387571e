import { expect } from 'vitest';
import { test } from './support/service.ts';

interface Document {
  openapi: string;
  paths: Record<string, Record<string, { responses: Record<string, object> }>>;
}

test('every documented operation exists, and any other method of its path does not', async ({
  service,
}) => {
  const document = (await (await service.request('/openapi.json')).json()) as Document;
  expect(document.openapi).toMatch(/^3\.1\./);
  for (const [path, operations] of Object.entries(document.paths)) {
    const url = path.replace('{id}', '00000000-0000-4000-8000-000000000000');
    const response = await service.request(url, { method: 'PUT' });
    expect([path, response.status]).toEqual([path, 405]);

    const methods = (response.headers.get('Allow') ?? '').toLowerCase().split(', ');
    expect(methods.filter((method) => method !== 'head').toSorted()).toEqual(
      Object.keys(operations).toSorted(),
    );
  }
});

test('every operation lists the faults of ours and of the database', async ({ service }) => {
  const document = (await (await service.request('/openapi.json')).json()) as Document;
  for (const operations of Object.values(document.paths)) {
    for (const { responses } of Object.values(operations)) {
      expect(Object.keys(responses)).toEqual(expect.arrayContaining(['500', '503']));
    }
  }
});
