import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { json } from 'node:stream/consumers';

/** A charge as it was asked for, in the order of arrival. */
export interface AskedCharge {
  readonly reference: string;
  readonly idempotencyKey: string;
  readonly status: number;
}

/** The payment gateway of the deployed function. */
export interface Gateway extends AsyncDisposable {
  readonly url: string;
}

/**
 * Starts a gateway that tells by `GET /charges` what it was asked for. By the customer's ID it refuses (`declined`), fails
 * once for each reference (`unlucky`), or charges.
 */
export async function startGateway(): Promise<Gateway> {
  const asked: AskedCharge[] = [];
  const statusOf = (customerId: string, reference: string): number => {
    if (customerId === 'declined') return 402;
    return customerId === 'unlucky' && asked.every((charge) => charge.reference !== reference) ? 503 : 201;
  };
  const charge = async (request: IncomingMessage): Promise<number> => {
    const order: unknown = await json(request);
    const [customerId, reference] = [member(order, 'customerId'), member(order, 'reference')];
    const status = statusOf(customerId, reference);
    asked.push({ reference, idempotencyKey: String(request.headers['idempotency-key']), status });
    return status;
  };
  const server = createServer((request, response) => {
    if (request.method === 'GET') {
      response.end(JSON.stringify(asked));
      return;
    }
    charge(request).then(
      (status) => response.writeHead(status).end('{}'),
      () => request.socket.destroy(),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** All that the gateway was asked for. */
export async function askedCharges(gatewayUrl: string): Promise<readonly AskedCharge[]> {
  const response = await fetch(new URL('/charges', gatewayUrl));
  const asked: readonly AskedCharge[] = JSON.parse(await response.text());
  return asked;
}

function member(order: unknown, name: string): string {
  return typeof order === 'object' && order !== null ? String(Reflect.get(order, name)) : '';
}
