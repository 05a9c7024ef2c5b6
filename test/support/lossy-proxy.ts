import { once } from 'node:events';
import { Agent, createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';

/**
 * What becomes of one request.
 *
 * - `pass`: forwarded, and answered.
 * - `cutBefore`: the connection is cut, the server never sees the request.
 * - `cutAfter`: the server carries the request out, then the connection is cut in place of the answer.
 * - `never`: accepted, then silence.
 * - an object: answered in the server's place.
 */
export type Fate = 'pass' | 'cutBefore' | 'cutAfter' | 'never' | { readonly status: number; readonly body: unknown };

/** A request as it was sent: the operation of an AWS JSON protocol and its body. */
export interface SeenRequest {
  readonly operation: string;
  readonly body: unknown;
}

/** A server between a client and a real one that loses, delays or replaces answers as it is told. */
export interface LossyProxy extends AsyncDisposable {
  readonly url: string;
  /** All requests so far, in the order of their arrival. */
  readonly seen: readonly SeenRequest[];
  /** How many requests were under way at once, at most. */
  readonly mostInFlight: number;
  /** Decides on each request as it arrives; without a decision all pass. */
  decide: ((request: SeenRequest, index: number) => Fate) | undefined;
}

/** Starts a proxy on a free port. Without `target` nothing can pass: every request needs a fate of its own. */
export async function lossyProxy(target?: string): Promise<LossyProxy> {
  const agent = new Agent({ keepAlive: true });
  const seen: SeenRequest[] = [];
  let inFlight = 0;
  let mostInFlight = 0;

  const server = createServer((request, response) => {
    inFlight += 1;
    mostInFlight = Math.max(mostInFlight, inFlight);
    response.once('close', () => {
      inFlight -= 1;
    });
    // What goes wrong on the way to the target is an answer lost.
    serve(request, response).catch(() => request.socket.destroy());
  });

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(request);
    const operation = String(request.headers['x-amz-target'] ?? '').replace(/^.*\./, '');
    const seenRequest: SeenRequest = { operation, body: parsed(body) };
    seen.push(seenRequest);
    const fate = proxy.decide?.(seenRequest, seen.length - 1) ?? 'pass';
    if (fate === 'never') {
      return;
    }
    if (typeof fate === 'object') {
      response.writeHead(fate.status, { 'content-type': 'application/x-amz-json-1.0' });
      response.end(typeof fate.body === 'string' ? fate.body : JSON.stringify(fate.body));
      return;
    }
    if (fate === 'cutBefore' || target === undefined) {
      request.socket.destroy();
      return;
    }
    const forwarded = httpRequest(new URL(request.url ?? '/', target), {
      agent,
      method: request.method,
      headers: request.headers,
    });
    forwarded.end(body);
    const [answer]: IncomingMessage[] = await once(forwarded, 'response');
    const answerBody = answer ? await buffer(answer) : Buffer.alloc(0);
    if (fate === 'cutAfter') {
      request.socket.destroy();
      return;
    }
    response.writeHead(answer?.statusCode ?? 502, answer?.headers);
    response.end(answerBody);
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const proxy: LossyProxy = {
    url: `http://127.0.0.1:${port}`,
    seen,
    get mostInFlight() {
      return mostInFlight;
    },
    decide: undefined,
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
      agent.destroy();
    },
  };
  return proxy;
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}
