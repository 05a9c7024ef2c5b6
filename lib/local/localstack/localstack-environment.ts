import { join } from 'node:path';
import { localStackSettings } from './localstack-settings.ts';

/** The places and the port of one run of LocalStack as plain processes. */
export interface LocalStackRun {
  /** Holds all that this run writes; removed when it stops. */
  readonly folder: string;
  /** Kept between runs. */
  readonly cache: string;
  /** Holds this project's Python package. */
  readonly plugin: string;
  readonly port: number;
}

/** The whole environment of the LocalStack process: nothing of the caller's but where programs and its home are. */
export function localStackEnvironment(run: LocalStackRun, environment: NodeJS.ProcessEnv): Record<string, string> {
  const address = `127.0.0.1:${run.port}`;
  return {
    ...localStackSettings(address, address),
    PATH: environment.PATH ?? '',
    HOME: environment.HOME ?? run.folder,
    PYTHONPATH: run.plugin,
    XDG_CACHE_HOME: join(run.cache, 'xdg'),
    TMPDIR: join(run.folder, 'tmp'),
    FILESYSTEM_ROOT: join(run.folder, 'root'),
    CONFIG_DIR: join(run.folder, 'config'),
    // In a container LocalStack would take /var/lib and /etc for its own, whatever FILESYSTEM_ROOT says.
    OVERRIDE_IN_DOCKER: '0',
    GATEWAY_SERVER: 'loopback',
    // Its own DNS server would want port 53 and, as root, the machine's resolv.conf.
    DNS_ADDRESS: '0',
    LAMBDA_RUNTIME_EXECUTOR: 'node-process',
    KAFKA_ONCE_NODE: process.execPath,
    KAFKA_ONCE_RUN_FOLDER: run.folder,
  };
}
