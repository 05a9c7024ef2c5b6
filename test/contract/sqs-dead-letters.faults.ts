import { createServer, type Server } from 'node:http';

/** `neverAnswers` accepts requests and stays silent; else every request has this one answer. */
export type FaultyBehaviour = 'neverAnswers' | { readonly status: number; readonly body: () => string };

/** A server that stands in for a broken SQS or S3, on a free port. */
export class FaultyServer {
  /** Resolves once a request has come in. */
  readonly connected: Promise<void>;
  readonly #server: Server;

  constructor(behaviour: FaultyBehaviour) {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.connected = promise;
    this.#server = createServer((request, response) => {
      resolve();
      if (behaviour === 'neverAnswers') return;
      request.resume();
      request.on('end', () => {
        response.writeHead(behaviour.status, { 'content-type': 'application/x-amz-json-1.0' });
        response.end(behaviour.body());
      });
    });
  }

  async listening(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  get endpoint(): string {
    const address = this.#server.address();
    if (typeof address !== 'object' || address === null) throw new Error('the server does not listen');
    return `http://127.0.0.1:${address.port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}

/** The address of a port that was free a moment ago. */
export async function closedPort(): Promise<string> {
  const server = await new FaultyServer('neverAnswers').listening();
  const { endpoint } = server;
  await server.close();
  return endpoint;
}
