import { expect, test } from 'vitest';
import { checkOrigin, origins } from '../../src/realtime/origin.ts';

test.for([
  [undefined, []],
  [',', []],
  ['https://a.example', ['https://a.example']],
  [' https://A.example/ , http://b.example:8080', ['https://a.example', 'http://b.example:8080']],
] as const)('%j names origins', ([text, named]) => {
  expect(Array.from(origins.parse(text))).toEqual(named);
});

test.for(['*', 'null', 'a.example', 'https://a.example/x', 'https://a.example https://b.example'])(
  '%j names none',
  (text) => {
    expect(() => origins.parse(text)).toThrow('must be origins such as https://app.example.com');
  },
);

test('a page is of the service when the host and the port are the same', () => {
  const none = new Set<string>();
  const status = (origin: string, host: string) => checkOrigin({ origin, host }, none)?.status;
  expect(status('https://a.example', 'a.example')).toBeUndefined();
  expect(status('https://a.example', 'A.example:443')).toBeUndefined();
  expect(status('http://[::1]:3000', '[::1]:3000')).toBeUndefined();
  expect(status('https://a.example', 'a.example:8443')).toBe(403);
  expect(status('https://a.example.evil', 'a.example')).toBe(403);
  expect(status('', '')).toBe(403);
  expect(checkOrigin({ host: 'a.example' }, none)).toBeUndefined();
});
