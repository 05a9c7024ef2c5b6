import { runCommand } from '../parts/run-command.ts';

/** Where an engine has its socket unless told otherwise, and where LocalStack looks for it in its container. */
export const DOCKER_SOCKET = '/var/run/docker.sock';

const SHORT_TIMEOUT_MS = 20_000;

/**
 * The engine's socket as the engine's own machine has it, for a mount: `DOCKER_SOCK`, else the one that the client uses
 * (`DOCKER_HOST` or its context), else `/var/run/docker.sock`.
 *
 * The client's is not the engine's where the engine runs in a virtual machine: on macOS and Windows always, on Linux with
 * Docker Desktop.
 */
export async function engineSocket(
  environment: NodeJS.ProcessEnv,
  platform: NodeJS.Platform = process.platform,
): Promise<string> {
  if (environment.DOCKER_SOCK) return environment.DOCKER_SOCK;
  if (platform !== 'linux') return DOCKER_SOCKET;
  const { code, output } = await runCommand(
    'docker',
    ['context', 'inspect', '--format', '{{.Endpoints.docker.Host}}'],
    { environment, timeoutMs: SHORT_TIMEOUT_MS },
  );
  const socket = code === 0 ? /^unix:\/\/(\/.*)$/m.exec(output)?.[1] : undefined;
  return socket === undefined || socket.endsWith('/.docker/desktop/docker.sock') ? DOCKER_SOCKET : socket;
}
