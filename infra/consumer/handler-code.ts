import { dirname, resolve } from 'node:path';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { AssetHashType, DockerImage } from 'aws-cdk-lib/core';
import { bundleHandler, type EsbuildOptions, type HandlerSource } from './bundling.ts';

/**
 * The code of a handler, bundled by esbuild at synth, without Docker.
 *
 * CDK's own `NodejsFunction` writes one file, which loads everything at each cold start.
 */
export function handlerCode(source: HandlerSource, options: EsbuildOptions = {}): Code {
  const entry = resolve(source.entry);
  return Code.fromAsset(dirname(entry), {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      image: DockerImage.fromRegistry('never-used'),
      // Never run. CDK tells assets of one folder apart by it: without it a second handler would get the first one's code.
      command: [entry, JSON.stringify([source, options])],
      local: {
        tryBundle(outdir) {
          bundleHandler(source, outdir, options);
          return true;
        },
      },
    },
  });
}
