import { once } from 'node:events';
import net from 'node:net';

/** A way to the database that a test can cut, or fill with silence. */
export class DatabaseProxy {
  readonly url: string;
  readonly #server: net.Server;
  readonly #sockets = new Set<net.Socket>();
  #state: 'open' | 'cut' | 'silent' = 'open';

  static async to(target: string): Promise<DatabaseProxy> {
    const server = net.createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new DatabaseProxy(server, new URL(target));
  }

  private constructor(server: net.Server, target: URL) {
    this.#server = server;
    const url = new URL(target);
    url.hostname = '127.0.0.1';
    url.port = String((server.address() as net.AddressInfo).port);
    this.url = url.href;
    server.on('connection', (near) => {
      const far = net.connect(Number(target.port), target.hostname);
      this.#join(near, far);
      this.#join(far, near);
      if (this.#state === 'cut') {
        near.destroy();
      }
    });
  }

  /** Connections break, and new ones too. */
  cut(): void {
    this.#state = 'cut';
    for (const socket of this.#sockets) {
      socket.destroy();
    }
  }

  /** Nothing comes through, and nothing breaks. */
  silence(): void {
    this.#state = 'silent';
  }

  open(): void {
    this.#state = 'open';
  }

  async close(): Promise<void> {
    this.cut();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #join(from: net.Socket, to: net.Socket): void {
    this.#sockets.add(from);
    from.on('data', (chunk) => {
      if (this.#state !== 'silent') {
        to.write(chunk);
      }
    });
    from.on('error', () => to.destroy());
    from.on('close', () => {
      this.#sockets.delete(from);
      to.destroy();
    });
  }
}
