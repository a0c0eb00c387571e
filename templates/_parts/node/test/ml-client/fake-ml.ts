import { once } from 'node:events';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

export const INPUT = {
  alcohol: 13.2,
  malic_acid: 1.78,
  ash: 2.14,
  alcalinity_of_ash: 11.2,
  magnesium: 100,
  total_phenols: 2.65,
  flavanoids: 2.76,
  nonflavanoid_phenols: 0.26,
  proanthocyanins: 1.28,
  color_intensity: 4.38,
  hue: 1.05,
  od280_od315: 3.4,
  proline: 1050,
};

export const PREDICTED = {
  model: { name: 'wine', version: '1', sha256: '0'.repeat(64) },
  predictions: [{ label: 'class_0', probabilities: { class_0: 0.9, class_1: 0.1 } }],
};

export const DEGRADED = { degraded: true, model: null, predictions: null };

type Answer = (response: ServerResponse, request: IncomingMessage) => void;

/** Answers with JSON, or with the text that is given. */
export function reply(status: number, body: unknown, headers: Record<string, string> = {}): Answer {
  return (response) => {
    response.writeHead(status, { 'Content-Type': 'application/json', ...headers });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  };
}

/** Stands for the ML service; it ends with the test. */
export class FakeMl {
  answer: Answer = reply(200, PREDICTED);
  readonly requests: { id: unknown; body: unknown }[] = [];
  readonly #server = http.createServer((request, response) => void this.#take(request, response));
  #port = 0;

  static async start(): Promise<FakeMl> {
    const ml = new FakeMl();
    await ml.up();
    onTestFinished(() => ml.down());
    return ml;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Listens, always at the same address. */
  async up(): Promise<void> {
    this.#server.listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  /** Refuses every connection. */
  async down(): Promise<void> {
    if (this.#server.listening) {
      const closed = once(this.#server, 'close');
      this.#server.close();
      this.#server.closeAllConnections();
      await closed;
    }
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.requests.push({ id: request.headers['x-request-id'], body: await json(request) });
    this.answer(response, request);
  }
}
