import { dirname, resolve } from 'node:path';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { AssetHashType, DockerImage } from 'aws-cdk-lib/core';
import { bundleHandler, type EsbuildOptions, type HandlerSource } from './bundling.ts';

/**
 * Makes something of a handler's code, bundled by esbuild at synth, without Docker.
 *
 * CDK's own `NodejsFunction` writes one file, which loads everything at each cold start.
 *
 * @throws ConfigurationError as `bundleHandler` throws it, and not as CDK wraps it, in words about a folder of its own.
 */
export function withHandlerCode<T>(
  source: HandlerSource,
  options: EsbuildOptions | undefined,
  make: (code: Code) => T,
): T {
  const refusals: unknown[] = [];
  try {
    return make(handlerCode(source, options ?? {}, refusals));
  } catch (error) {
    throw refusals[0] ?? error;
  }
}

function handlerCode(source: HandlerSource, options: EsbuildOptions, refusals: unknown[]): Code {
  const entry = resolve(source.entry);
  return Code.fromAsset(dirname(entry), {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      image: DockerImage.fromRegistry('never-used'),
      // Never run. CDK tells assets of one folder apart by it: without it a second handler would get the first one's code.
      command: [entry, JSON.stringify([source, options])],
      local: {
        tryBundle(outdir) {
          try {
            bundleHandler(source, outdir, options);
          } catch (error) {
            refusals.push(error);
            throw error;
          }
          return true;
        },
      },
    },
  });
}
