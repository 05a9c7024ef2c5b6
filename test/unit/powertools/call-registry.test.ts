import { AsyncResource } from 'node:async_hooks';
import { describe, expect, it } from 'vitest';
import { CallRegistry } from '../../../lib/powertools/call-registry.ts';

const newRegistry = () => new CallRegistry<unknown, string, string>();

/** Runs in a context of its own: what begins there is not seen outside. */
function inAnotherContext<T>(run: () => T): T {
  return new AsyncResource('another').runInAsyncScope(run);
}

/** Begins a call and holds it, as one that is awaited by nobody else. */
function held(registry: CallRegistry<unknown, string, string>, payload: unknown, name: string) {
  return inAnotherContext(() => {
    const call = registry.begin(payload, name);
    registry.hold(call, `${name}'s claim`);
    return call;
  });
}

describe('CallRegistry', () => {
  it('finds the call of its own context, whatever else has its payload', () => {
    const registry = newRegistry();
    const payload = {};
    held(registry, payload, 'another');
    inAnotherContext(() => {
      const own = registry.begin(payload, 'own');
      expect(registry.claiming()).toBe(own);
      registry.hold(own, 'claim');
      expect(registry.claiming()).toBeUndefined();
      expect(registry.running()).toBe(own);
      expect(registry.ending(payload)).toBe(own);
    });
  });

  it('finds nobody else for a call that was refused or has ended', () => {
    const registry = newRegistry();
    const payload = {};
    held(registry, payload, 'another');
    inAnotherContext(() => {
      registry.end(registry.begin(payload, 'refused'));
      expect(registry.ending(payload)).toBeUndefined();
    });
  });

  it('finds a call by its payload where the context is lost: an object that only one call has', () => {
    const registry = newRegistry();
    const [event, shared] = [{}, {}];
    const call = held(registry, event, 'call');
    held(registry, shared, 'one');
    held(registry, shared, 'two');
    held(registry, 'text', 'three');
    expect(registry.ending(event)).toBe(call);
    expect(registry.ending({})).toBeUndefined();
    expect(registry.ending(shared)).toBeUndefined();
    expect(registry.ending('text')).toBeUndefined();
    registry.end(call);
    expect(registry.ending(event)).toBeUndefined();
  });

  it('finds the outer call again after the calls that its function made', () => {
    const registry = newRegistry();
    inAnotherContext(() => {
      const outer = registry.begin('a', 'outer');
      registry.hold(outer, 'outer claim');
      const inner = registry.begin('a', 'inner');
      registry.hold(inner, 'inner claim');
      expect(registry.ending('a')).toBe(inner);
      registry.end(inner);
      expect(registry.ending('a')).toBe(outer);
      expect(registry.running()).toBe(outer);
      expect(registry.begun('b')).toBeUndefined();
    });
  });

  it('keeps no ended call in memory, though some call is always under way', () => {
    const registry = newRegistry();
    inAnotherContext(() => {
      let last = registry.begin(0, 'call 0');
      registry.hold(last, 'claim');
      for (let n = 1; n <= 100; n += 1) {
        const next = registry.begin(n, `call ${n}`);
        registry.hold(next, 'claim');
        registry.end(last);
        last = next;
      }
      let length = 0;
      for (let call: typeof last | undefined = last; call !== undefined; call = call.parent) length += 1;
      expect(length).toBeLessThanOrEqual(3);
    });
  });
});
