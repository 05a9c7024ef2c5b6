import { connect, type Socket } from 'node:net';

interface Order {
  readonly do: string;
  readonly size?: number;
  readonly port?: number;
}

let invocations = 0;

/** Does what the event says, to show what an execution environment is like. */
export async function handler(order: Order, context: Record<string, unknown>): Promise<unknown> {
  invocations += 1;
  switch (order.do) {
    case 'describe':
      return { pid: process.pid, invocations, context, remainingMs: remaining(context), env: process.env };
    case 'nothing':
      return undefined;
    case 'large':
      return 'x'.repeat(order.size ?? 0);
    case 'error':
      throw new RangeError('out of range');
    case 'text':
      throw 'only a text';
    case 'bigint':
      return 10n;
    case 'write':
      process.stdout.write('to stdout');
      process.stderr.write('to stderr');
      return null;
    case 'grow': {
      const kept: string[][] = [];
      for (;;) {
        kept.push(Array.from({ length: 10_000 }, (_, n) => `${kept.length} ${n}`));
      }
    }
    case 'connect':
      await connected(order.port ?? 0);
      return process.pid;
    case 'connectAndSpin':
      await connected(order.port ?? 0);
      for (;;) {
        // Until it is killed.
      }
    default:
      return new Promise(() => setInterval(() => {}, 1000));
  }
}

export const notAFunction = 1;

function remaining({ getRemainingTimeInMillis: remainingMs }: Record<string, unknown>): unknown {
  return typeof remainingMs === 'function' ? remainingMs() : undefined;
}

function connected(port: number): Promise<Socket> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(socket));
  });
}
