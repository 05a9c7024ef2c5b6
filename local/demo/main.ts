/**
 * A Kafka topic handled with one effect per record, under fire: see `--help`.
 *
 * Ends with 0 if every promise was kept, 1 if one was broken or the demo failed, 2 for flags it does not know, 130 after
 * Ctrl-C.
 */
import { PartsError } from '../../lib/local/parts/parts-error.ts';
import { demoOptions, UsageError, usage } from './options.ts';
import { Progress } from './progress.ts';
import { report } from './report.ts';
import { runDemo } from './run-demo.ts';

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  if (args.includes('--help')) {
    process.stdout.write(usage);
    return 0;
  }
  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      // The second time somebody does not want to wait for the cleaning up; the servers end with this process anyway.
      if (interrupted.signal.aborted) process.exit(130);
      interrupted.abort(new Error(`ended by ${signal}`));
    });
  }
  const progress = new Progress(process.stderr);
  try {
    const options = demoOptions(args, Math.floor(Math.random() * 2 ** 32));
    progress.note(`seed ${options.seed}`);
    const result = await runDemo(options, progress, interrupted.signal);
    progress.end();
    process.stdout.write(`${report(result)}\n`);
    if (options.json) process.stdout.write(`${JSON.stringify(result)}\n`);
    return result.broken.length === 0 ? 0 : 1;
  } catch (error) {
    progress.end();
    if (error instanceof UsageError) {
      process.stderr.write(`${error.message}\n\n${usage}`);
      return 2;
    }
    // What was waited for when the signal came may still hold the process.
    if (interrupted.signal.aborted) process.exit(130);
    process.stderr.write(`The demo failed: ${explanation(error)}\n`);
    return 1;
  }
}

/** What is missing on a machine is said in full by the message. */
function explanation(error: unknown): string {
  if (error instanceof PartsError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
