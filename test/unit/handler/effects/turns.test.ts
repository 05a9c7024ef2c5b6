import { describe, expect, it } from 'vitest';
import { Turns } from '../../../../lib/handler/commit/starts/turns.ts';

/** Something that runs until it is told to end, and says when it began. */
function task(name: string, log: string[]): { readonly run: () => Promise<void>; readonly end: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  const run = async (): Promise<void> => {
    log.push(name);
    await promise;
  };
  return { run, end: resolve };
}

const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
};

async function among(turns: Turns, run: () => Promise<void>): Promise<void> {
  await turns.enter();
  try {
    await run();
  } finally {
    turns.leave();
  }
}

describe('turns', () => {
  it('let any number run beside each other, and one alone when they have ended', async () => {
    const [turns, log] = [new Turns(), [] as string[]];
    const [a, b, alone] = [task('a', log), task('b', log), task('alone', log)];
    const all = [among(turns, a.run), among(turns, b.run), turns.alone(alone.run)];
    await settled();
    expect(log).toEqual(['a', 'b']);
    a.end();
    await settled();
    expect(log).toEqual(['a', 'b']);
    b.end();
    await settled();
    expect(log).toEqual(['a', 'b', 'alone']);
    alone.end();
    await Promise.all(all);
  });

  it('let nobody new in while one waits to run alone, and then all who waited', async () => {
    const [turns, log] = [new Turns(), [] as string[]];
    const names = ['a', 'alone', 'b', 'c', 'alone too'] as const;
    const [a, alone, b, c, too] = names.map((name) => task(name, log));
    const all = [
      among(turns, a?.run ?? settled),
      turns.alone(alone?.run ?? settled),
      among(turns, b?.run ?? settled),
      among(turns, c?.run ?? settled),
      turns.alone(too?.run ?? settled),
    ];
    const seen: string[][] = [];
    for (const one of [a, alone, b, c, too]) {
      await settled();
      seen.push([...log]);
      one?.end();
    }
    await Promise.all(all);
    expect(seen).toEqual([
      ['a'],
      ['a', 'alone'],
      ['a', 'alone', 'b', 'c'],
      ['a', 'alone', 'b', 'c'],
      ['a', 'alone', 'b', 'c', 'alone too'],
    ]);
  });

  it('go on after what ran alone has failed', async () => {
    const turns = new Turns();
    await expect(turns.alone(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await turns.enter();
    turns.leave();
    expect(await turns.alone(() => Promise.resolve(1))).toBe(1);
  });
});
