import { once } from 'node:events';
import { Agent, createServer, request, type Server, type ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { startTcpProxy, type TcpProxy } from '../../../local/demo/tcp-proxy.ts';

let server: Server;
let proxy: TcpProxy;
let told: number;
let held: PromiseWithResolvers<ServerResponse>;

/** Answers at once, but for `/held`: that is the test's to answer. */
beforeEach(async () => {
  held = Promise.withResolvers();
  told = 0;
  server = createServer((incoming, response) => {
    incoming.resume();
    if (incoming.url === '/held') held.resolve(response);
    else response.end('POST / HTTP/1.1\r\n\r\n');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  proxy = await startTcpProxy(`http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`, () => {
    told += 1;
  });
  onTestFinished(async () => {
    await proxy[Symbol.asyncDispose]();
    server.closeAllConnections();
    server.close();
  });
});

async function ask(agent: Agent): Promise<string> {
  const asked = request(proxy.url, { agent, method: 'POST' });
  asked.end('a body');
  const [answer] = await once(asked, 'response');
  return await text(answer);
}

function agent(): Agent {
  const made = new Agent({ keepAlive: true, maxSockets: 1 });
  onTestFinished(() => made.destroy());
  return made;
}

async function client(): Promise<Socket> {
  const socket = connect(Number(new URL(proxy.url).port), '127.0.0.1');
  socket.on('error', () => {});
  onTestFinished(() => {
    socket.destroy();
  });
  await once(socket, 'connect');
  return socket;
}

describe('the proxy of the demo', () => {
  it('counts and tells requests, also those of connections that are gone', async () => {
    const first = agent();
    await ask(first);
    await ask(first);
    first.destroy();
    await ask(agent());
    expect(proxy.requests).toBe(3);
    expect(told).toBe(3);
    expect(proxy.unanswered).toBe(0);
  });

  it('destroys connections when it is cut, refuses new ones, and works again afterwards', async () => {
    const open = await client();
    await ask(agent());
    const closed = new Promise((resolve) => open.once('close', resolve));
    proxy.cut();
    await closed;
    await expect(ask(agent())).rejects.toThrow(/ECONNRESET|socket hang up/);
    proxy.restore();
    await ask(agent());
    expect(proxy.requests).toBe(2);
  });

  it('knows a request as unanswered until the server has done it, its client being dead', async () => {
    const socket = await client();
    socket.write('POST /held HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n');
    const response = await held.promise;
    socket.destroy();
    await expect.poll(() => proxy.connections).toBe(0);
    expect(proxy.unanswered).toBe(1);
    response.end();
    await expect.poll(() => proxy.unanswered).toBe(0);
    expect(proxy.requests).toBe(1);
  });

  it('stands before plain http only', async () => {
    await expect(startTcpProxy('https://127.0.0.1:1', () => {})).rejects.toThrow('plain http only');
  });
});
