import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { onTestFinished } from 'vitest';
import WebSocket, { type ClientOptions } from 'ws';
import type { Service } from '../support/service.ts';

export interface Message {
  type: string;
  note?: { id: string; title?: string };
}

/** A client of the feed, and all that it has heard. */
export interface Client {
  socket: WebSocket;
  messages: Message[];
  closed: Promise<number>;
}

export function connect(service: Service, options?: ClientOptions): Client {
  const socket = new WebSocket(`${service.url.replace('http', 'ws')}/ws/notes`, options);
  onTestFinished(() => socket.terminate());
  const messages: Message[] = [];
  socket.on('message', (data: Buffer) => messages.push(JSON.parse(data.toString()) as Message));
  socket.on('error', () => {});
  return { socket, messages, closed: once(socket, 'close').then(([code]) => code as number) };
}

/** A handshake that is expected to be refused. */
export async function refused(
  service: Service,
  path = '/ws/notes',
  options?: ClientOptions,
): Promise<IncomingMessage> {
  const socket = new WebSocket(service.url.replace('http', 'ws') + path, options);
  onTestFinished(() => socket.terminate());
  socket.on('error', () => {});
  const [, response] = await once(socket, 'unexpected-response');
  return response as IncomingMessage;
}
