import type { PartName } from './part.ts';

/** Where a server finds its things. */
export interface ServerPlaces {
  /** Folder of the fetched jars. */
  readonly jars: string;
  /** Folder `local/` of this package, with the committed settings. */
  readonly local: string;
  /** The server's own data folder; it exists. */
  readonly data: string;
  /** Free ports, as many as the server asks for; clients use the first. */
  readonly ports: readonly number[];
}

/** How one server is run; everything else (jars, process, log, health) is the same for all. */
export interface ServerPlan {
  readonly part: PartName;
  readonly portCount: number;
  /** The file name of the jar whose version is the server's; the version is the first group. */
  readonly versionJar: RegExp;
  readonly maxHeapMb: number;
  /** Makes the server's files and returns the options of the JVM, the main class and its arguments. */
  prepare(places: ServerPlaces): Promise<string[]>;
  /** Files to be made once, after the jars were fetched. */
  finishFetch?(jars: string, local: string, java: string, environment: NodeJS.ProcessEnv): Promise<void>;
}
