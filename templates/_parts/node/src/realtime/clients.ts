import { WebSocket } from 'ws';

/** What may wait for one client that does not read. */
const MAX_WAITING_BYTES = 1024 * 1024;
/** How long a client may take to agree that the connection is closed: the service ends no sooner. */
const CLOSING_PATIENCE_MS = 2000;

const READY = JSON.stringify({ type: 'ready' });

/** The clients of the feed: kept alive while they answer, and dropped rather than waited for. */
export class Clients {
  readonly #limit: number;
  readonly #heartbeat: NodeJS.Timeout;
  /** Each with whether it has answered the last ping. */
  readonly #clients = new Map<WebSocket, boolean>();
  #state: 'dark' | 'live' | 'left' = 'dark';

  constructor(limit: number, heartbeatMs: number) {
    this.#limit = limit;
    this.#heartbeat = setInterval(() => this.#ping(), heartbeatMs).unref();
  }

  get hasRoom(): boolean {
    return this.#state !== 'left' && this.#clients.size < this.#limit;
  }

  get isEmpty(): boolean {
    return this.#clients.size === 0;
  }

  add(client: WebSocket): void {
    this.#clients.set(client, true);
    client.on('pong', () => this.#clients.set(client, true));
    // A broken or too large frame: `ws` closes the connection with the code for it.
    client.on('error', () => {});
    client.once('close', () => this.#clients.delete(client));
    if (this.#state === 'live') {
      send(client, READY);
    }
  }

  broadcast(message: object): void {
    this.#sendAll(JSON.stringify(message));
  }

  /** What is committed from now on will arrive. */
  goLive(): void {
    this.#state = 'live';
    this.#sendAll(READY);
  }

  /** No change arrives until the feed is live again. */
  goDark(): void {
    this.#state = 'dark';
    this.restart();
  }

  /** Changes may have been missed: everyone has to start anew. */
  restart(): void {
    this.#closeAll(1012, 'changes may have been missed');
  }

  /** The service ends. */
  leave(): void {
    this.#state = 'left';
    clearInterval(this.#heartbeat);
    this.#closeAll(1001, 'the service is shutting down');
  }

  #sendAll(text: string): void {
    for (const client of this.#clients.keys()) {
      send(client, text);
    }
  }

  #closeAll(code: number, reason: string): void {
    for (const client of this.#clients.keys()) {
      close(client, code, reason);
    }
  }

  #ping(): void {
    for (const [client, hasAnswered] of this.#clients) {
      if (hasAnswered) {
        this.#clients.set(client, false);
        client.ping();
      } else {
        client.terminate();
      }
    }
  }
}

function send(client: WebSocket, text: string): void {
  if (client.readyState !== WebSocket.OPEN) {
    return;
  }
  if (client.bufferedAmount > MAX_WAITING_BYTES) {
    close(client, 1013, 'too slow');
  } else {
    client.send(text);
  }
}

function close(client: WebSocket, code: number, reason: string): void {
  client.close(code, reason);
  // One that does not even read the closing frame is cut off.
  setTimeout(() => client.terminate(), CLOSING_PATIENCE_MS).unref();
}
