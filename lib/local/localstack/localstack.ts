import type { PartSource } from '../parts/part.ts';

/** A LocalStack that answers. */
export interface LocalStack extends AsyncDisposable {
  /** For `endpoint` of AWS clients, or `AWS_ENDPOINT_URL`; any credentials do. */
  readonly endpointUrl: string;
  /** `process` (from PyPI), `docker`, or `environment`: found by `AWS_ENDPOINT_URL`, and then `stop` leaves it alone. */
  readonly source: PartSource;
  /**
   * Whether functions run as processes beside LocalStack and so reach servers at 127.0.0.1 of this machine. Where they run
   * in containers, 127.0.0.1 is the container: take `fetchedFunction` for a function that needs such a server.
   */
  readonly functionsReachLoopback: boolean;
  /** Of LocalStack's own process, where it is one and was started here; its servers and functions are processes below it. */
  readonly processId: number | undefined;
  /** Ends it with all its processes or containers and removes what it wrote. Calling it again does nothing. */
  readonly stop: () => Promise<void>;
}
