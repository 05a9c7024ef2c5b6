import { join } from 'node:path';
import { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { App, Duration, Stack } from 'aws-cdk-lib/core';
import { ASSET_RESOURCE_METADATA_ENABLED_CONTEXT } from 'aws-cdk-lib/cx-api';
import { z } from 'zod';
import { consumerFunction } from '../../infra/consumer/consumer-function.ts';
import type { HandlerFile } from './handler-files.ts';

/** A handler, and the folder that the construct uploads for it. */
export interface BundledHandler {
  readonly name: string;
  readonly folder: string;
}

const assetMetadata = z.object({ 'aws:asset:path': z.string() });

/** Bundles each handler as `KafkaConsumer` does, by the same function, into a folder of its own below `outdir`. */
export function bundleHandlers(handlers: readonly HandlerFile[], outdir: string): readonly BundledHandler[] {
  const app = new App({
    outdir,
    analyticsReporting: false,
    context: { [ASSET_RESOURCE_METADATA_ENABLED_CONTEXT]: true },
  });
  return handlers.map(({ name, path }) => {
    const made = consumerFunction(
      new Stack(app, name),
      { entry: path, esbuild: { metafile: true } },
      { timeout: Duration.minutes(1), environment: {}, needs: ['@aws-sdk/client-sqs', '@aws-sdk/client-s3'] },
    );
    const resource = made.function.node.defaultChild;
    if (!CfnFunction.isCfnFunction(resource)) throw new Error(`${name} is no function of CloudFormation.`);
    return { name, folder: join(outdir, assetMetadata.parse(resource.cfnOptions.metadata)['aws:asset:path']) };
  });
}
