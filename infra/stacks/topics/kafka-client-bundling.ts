import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { type BundlingOptions, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';

/**
 * How a function is bundled that is a Kafka client.
 *
 * The client reads a WebAssembly file at `../dist/` of its own module, which is the bundle then: the file goes along, and
 * the bundle takes itself for one folder deeper than it is. Modules of it that are CommonJS need a `require`.
 */
export function kafkaClientBundling(): BundlingOptions {
  const client = createRequire(import.meta.url).resolve('@platformatic/kafka');
  const wasm = join(dirname(createRequire(client).resolve('@platformatic/wasm-utils')), 'native.wasm');
  return {
    format: OutputFormat.ESM,
    minify: true,
    mainFields: ['module', 'main'],
    define: { 'import.meta.url': 'bundleUrl' },
    banner: [
      "import { createRequire as bundleRequire } from 'node:module';",
      'const require = bundleRequire(import.meta.url);',
      "const bundleUrl = new URL('bundle/index.mjs', import.meta.url).href;",
    ].join(''),
    commandHooks: {
      beforeBundling: () => [],
      beforeInstall: () => [],
      afterBundling: (_, output) => [`mkdir -p "${output}/dist"`, `cp "${wasm}" "${output}/dist/native.wasm"`],
    },
  };
}
