import { type BundlingOptions, OutputFormat, SourceMapMode } from 'aws-cdk-lib/aws-lambda-nodejs';

/**
 * How a handler is bundled: one minified ECMAScript module with its AWS SDK, and a source map that Node finds.
 *
 * The SDK is bundled because the runtime's own changes without notice. The map is named in the module, or
 * `--enable-source-maps` would not look for it; it holds no sources.
 */
export const consumerBundling: BundlingOptions = {
  format: OutputFormat.ESM,
  minify: true,
  sourceMap: true,
  sourceMapMode: SourceMapMode.DEFAULT,
  sourcesContent: false,
  mainFields: ['module', 'main'],
  bundleAwsSDK: true,
};
