import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';

export type Fault = 'none' | 'dropAnswer' | 'dropRequest' | 'halfAnswer' | 'neverAnswer';

export interface FaultyServer extends AsyncDisposable {
  readonly endpoint: string;
  /** Requests that arrived so far. */
  requests(): number;
}

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

async function listen(
  answer: (incoming: IncomingMessage, out: ServerResponse) => Promise<void>,
): Promise<FaultyServer> {
  let requests = 0;
  const server = createServer((incoming, out) => {
    requests += 1;
    answer(incoming, out).catch(() => incoming.socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('No port was given to the faulty server.');
  return {
    endpoint: `http://127.0.0.1:${address.port}`,
    requests: () => requests,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Forwards to a real server; each request takes the next fault of the list, and the last one for ever. */
export function faultyProxy(target: string, faults: readonly Fault[]): Promise<FaultyServer> {
  let served = 0;
  return listen(async (incoming, out) => {
    const fault = faults[Math.min(served, faults.length - 1)] ?? 'none';
    served += 1;
    const body = await bodyOf(incoming);
    if (fault === 'neverAnswer') return;
    if (fault === 'dropRequest') return void incoming.socket.destroy();
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      request(target, { method: 'POST', path: incoming.url ?? '/', headers: incoming.headers }, resolve)
        .on('error', reject)
        .end(body);
    });
    const answerBody = await bodyOf(answer);
    if (fault === 'dropAnswer') return void incoming.socket.destroy();
    out.writeHead(answer.statusCode ?? 500, { ...answer.headers, 'content-length': answerBody.length });
    if (fault === 'halfAnswer') {
      out.write(answerBody.subarray(0, answerBody.length - 1), () => incoming.socket.destroy());
    } else {
      out.end(answerBody);
    }
  });
}

/** Gives one answer to everything: for what no local server can be made to say. */
export function cannedServer(status: number, body: string): Promise<FaultyServer> {
  return listen(async (incoming, out) => {
    await bodyOf(incoming);
    out.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(body);
  });
}
