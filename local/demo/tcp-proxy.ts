import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { HttpMessages } from './http-messages.ts';

/** A proxy on the way to an HTTP server that counts requests and can be cut. */
export interface TcpProxy extends AsyncDisposable {
  readonly url: string;
  /** Requests that went through, by their heads. */
  readonly requests: number;
  /** Connections of clients that are open. */
  readonly connections: number;
  /** Requests that the server has not answered yet, those of clients that have gone included. */
  readonly unanswered: number;
  /** Destroys all connections, and every new one as soon as it is made. */
  cut(): void;
  restore(): void;
}

/** Starts a proxy for `target` (`http://host:port`) on a free port; `onRequest` is told of each request that goes through. */
export async function startTcpProxy(target: string, onRequest: () => void): Promise<TcpProxy> {
  const { protocol, hostname, port } = new URL(target);
  if (protocol !== 'http:') throw new Error(`${target}: a proxy can stand before plain http only`);
  const clients = new Set<Socket>();
  const lines = new Set<Line>();
  let isCut = false;
  let requestsBefore = 0;

  const server = createServer((client) => {
    // Closing the port instead would let another process have it meanwhile.
    if (isCut) {
      client.resetAndDestroy();
      return;
    }
    const line = new Line(client, connect(Number(port || 80), hostname), onRequest);
    clients.add(client);
    lines.add(line);
    client.once('close', () => clients.delete(client));
    line.upstream.once('close', () => {
      requestsBefore += line.sent.count;
      lines.delete(line);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the proxy has no port');
  const cut = (): void => {
    isCut = true;
    for (const line of lines) line.destroy();
  };
  return {
    url: `http://127.0.0.1:${address.port}`,
    get requests() {
      return [...lines].reduce((sum, { sent }) => sum + sent.count, requestsBefore);
    },
    get connections() {
      return clients.size;
    },
    get unanswered() {
      return [...lines].reduce((sum, line) => sum + line.unanswered, 0);
    },
    cut,
    restore: () => {
      isCut = false;
    },
    async [Symbol.asyncDispose]() {
      cut();
      server.close();
      await once(server, 'close');
    },
  };
}

/** One client and its connection to the server. */
class Line {
  readonly #client: Socket;
  readonly upstream: Socket;
  readonly sent: HttpMessages = new HttpMessages();
  readonly #answers = new HttpMessages();

  constructor(client: Socket, upstream: Socket, onRequest: () => void) {
    this.#client = client;
    this.upstream = upstream;
    client.setNoDelay(true);
    upstream.setNoDelay(true);
    client.on('data', (chunk: Buffer) => {
      const sentBefore = this.sent.count;
      this.sent.push(chunk);
      if (!upstream.write(chunk)) client.pause();
      if (this.sent.count > sentBefore) onRequest();
    });
    upstream.on('drain', () => client.resume());
    upstream.on('data', (chunk: Buffer) => {
      this.#answers.push(chunk);
      if (!client.destroyed) client.write(chunk);
      this.#endIfDone();
    });
    client.on('error', () => {});
    upstream.on('error', () => {});
    client.once('close', () => this.#endIfDone());
    upstream.once('close', () => client.destroy());
  }

  get unanswered(): number {
    return Math.max(0, this.sent.count - this.#answers.count);
  }

  destroy(): void {
    this.#client.resetAndDestroy();
    this.upstream.destroy();
  }

  /** What a client sent before it was killed is still carried out; the line lives until that is known. */
  #endIfDone(): void {
    if (this.#client.destroyed && this.unanswered === 0) this.upstream.destroy();
  }
}
