import type { IdempotencyConfig } from '@aws-lambda-powertools/idempotency';
import type { BasePersistenceLayer } from '@aws-lambda-powertools/idempotency/persistence';
import { ConfiguredLayer, type RecordOperations } from './configured-layer.ts';

export type ConfigureOptions = Parameters<BasePersistenceLayer['configure']>[0];

/** The layers of the functions that share one instance: one for each configuration and prefix. */
export class ConfiguredLayers {
  readonly #operations: RecordOperations;
  readonly #layers = new WeakMap<IdempotencyConfig, Map<string, ConfiguredLayer>>();
  #configuring: ConfiguredLayer | undefined;
  #latest: ConfiguredLayer;

  constructor(operations: RecordOperations, defaultPrefix: string) {
    this.#operations = operations;
    this.#latest = new ConfiguredLayer(operations, defaultPrefix);
  }

  /** Configured in this very stretch of synchronous code. */
  get configuring(): ConfiguredLayer | undefined {
    return this.#configuring;
  }

  /** Configured last; before the first configuration, one with the default prefix. */
  get latest(): ConfiguredLayer {
    return this.#latest;
  }

  /** `defaultPrefix`: of the keys of a function that names no prefix; its own name is appended, where it has one. */
  configure(options: ConfigureOptions, defaultPrefix: string): void {
    const layer = this.#layerFor(options, defaultPrefix);
    this.#latest = layer;
    this.#configuring = layer;
    // Powertools begins a call synchronously after configuring for it, or not at all. When it begins one anew, much
    // later, other functions have been configured meanwhile.
    queueMicrotask(() => {
      if (this.#configuring === layer) this.#configuring = undefined;
    });
  }

  #layerFor({ config, keyPrefix, functionName }: ConfigureOptions, defaultPrefix: string): ConfiguredLayer {
    const named = functionName?.trim() ? `${defaultPrefix}.${functionName.trim()}` : '';
    const prefix = keyPrefix?.trim() || named || defaultPrefix;
    const layers = this.#layers.get(config) ?? new Map<string, ConfiguredLayer>();
    this.#layers.set(config, layers);
    const known = layers.get(prefix);
    if (known !== undefined) return known;
    const layer = new ConfiguredLayer(this.#operations, prefix);
    layer.configure({ config });
    layers.set(prefix, layer);
    return layer;
  }
}
