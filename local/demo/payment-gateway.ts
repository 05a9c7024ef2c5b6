import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { Ledger } from './ledger.ts';

export interface PaymentGateway extends AsyncDisposable {
  readonly url: string;
  readonly ledger: Ledger;
  /** Clients that are connected. */
  readonly connections: number;
}

/**
 * Starts a payment gateway: `POST /charges` with `{ reference, … }` takes money, at the moment the request is read, and
 * answers `latencyMs` later. `onRequest` is told of each request that reached the ledger.
 */
export async function startPaymentGateway(latencyMs: number, onRequest: () => void): Promise<PaymentGateway> {
  const ledger = new Ledger();
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    // A client that is killed while it sends has asked for nothing.
    answer(request, response).catch(() => response.destroy());
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request);
    const reference = request.method === 'POST' && request.url === '/charges' ? referenceIn(body) : undefined;
    if (reference === undefined) {
      response.writeHead(422).end();
      return;
    }
    const key = request.headers['idempotency-key'];
    const { charged } = ledger.enter(reference, typeof key === 'string' ? key : undefined);
    onRequest();
    await delay(latencyMs);
    response.writeHead(charged ? 201 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ reference, status: 'charged' }));
  }

  server.keepAliveTimeout = 60_000;
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the gateway has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    ledger,
    get connections() {
      return sockets.size;
    },
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

function referenceIn(body: string): string | undefined {
  try {
    const charge: unknown = JSON.parse(body);
    if (typeof charge !== 'object' || charge === null || !('reference' in charge)) return undefined;
    return typeof charge.reference === 'string' && charge.reference !== '' ? charge.reference : undefined;
  } catch {
    return undefined;
  }
}
