import { expect } from 'vitest';
import { type Service, test } from './support/service.ts';

interface Document {
  openapi: string;
  paths: Record<string, Record<string, { responses: Record<string, { headers: object }> }>>;
  components: { schemas: Record<string, object> };
}

async function documentOf(service: Service): Promise<Document> {
  return (await (await service.request('/openapi.json')).json()) as Document;
}

const answersOf = ({ paths }: Document) =>
  Object.values(paths)
    .flatMap((path) => Object.values(path))
    .map(({ responses }) => responses);

test('every documented operation exists, and any other method of its path does not', async ({
  service,
}) => {
  const document = await documentOf(service);
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
  for (const responses of answersOf(await documentOf(service))) {
    expect(Object.keys(responses)).toEqual(expect.arrayContaining(['500', '503']));
  }
});

test('every answer has its headers', async ({ service }) => {
  for (const responses of answersOf(await documentOf(service))) {
    for (const [status, { headers }] of Object.entries(responses)) {
      const location = status === '201' ? ['Location'] : [];
      expect(Object.keys(headers)).toEqual(['X-Request-Id', ...location]);
    }
  }
});

test('every schema that is named is used, and the other way round', async ({ service }) => {
  const document = await documentOf(service);
  const references = JSON.stringify(document).matchAll(/"#\/components\/schemas\/([^"]+)"/g);
  const used = Array.from(references, ([, name]) => name);
  expect(new Set(used)).toEqual(new Set(Object.keys(document.components.schemas)));
});
