import { once } from 'node:events';
import net from 'node:net';
import { text } from 'node:stream/consumers';
import { expect } from 'vitest';
import { type Service, test } from '../support/service.ts';

async function raw(service: Service, bytes: string): Promise<string> {
  const { port } = service.server.address() as net.AddressInfo;
  const socket = net.connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.write(bytes);
  return text(socket);
}

test.for([
  ['what is not HTTP', 'hello\r\n\r\n', '400 Bad Request'],
  [
    'too many headers',
    `GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`,
    '431 Request Header Fields Too Large',
  ],
] as const)('%s is answered with a problem', async ([, bytes, status], { service }) => {
  const [head = '', body = ''] = (await raw(service, bytes)).split('\r\n\r\n');
  expect(head).toContain(`HTTP/1.1 ${status}\r\nContent-Type: application/problem+json\r\n`);
  expect(head).toContain('X-Content-Type-Options: nosniff');
  expect(head).toMatch(/X-Request-Id: [0-9a-f-]{36}/);
  expect(JSON.parse(body)).toMatchObject({
    type: 'about:blank',
    status: Number.parseInt(status, 10),
  });
});
