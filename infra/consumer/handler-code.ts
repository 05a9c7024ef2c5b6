import { dirname, resolve } from 'node:path';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { AssetHashType, DockerImage } from 'aws-cdk-lib/core';
import { bundleHandler, type EsbuildOptions } from './bundling.ts';

/**
 * The code of a handler, bundled by esbuild at synth, without Docker.
 *
 * CDK's own `NodejsFunction` writes one file, which loads everything at each cold start.
 */
export function handlerCode(entry: string, options: EsbuildOptions = {}): Code {
  return Code.fromAsset(dirname(resolve(entry)), {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      image: DockerImage.fromRegistry('never-used'),
      // Never run. CDK tells assets of one folder apart by it: without it a second handler would get the first one's code.
      command: [resolve(entry), JSON.stringify(options)],
      local: {
        tryBundle(outdir) {
          bundleHandler(entry, outdir, options);
          return true;
        },
      },
    },
  });
}
