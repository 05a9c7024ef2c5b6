import { askedWay, type Way } from '../parts/asked-way.ts';
import { PartsError } from '../parts/parts-error.ts';

/**
 * Docker if an engine answers, else processes. `KAFKA_ONCE_LOCALSTACK` (`processes` or `docker`) decides otherwise; no engine
 * is asked where it says `processes`.
 *
 * @throws PartsError when Docker is asked for and no engine answers.
 */
export async function chooseLocalStackWay(
  value: string | undefined,
  dockerAnswers: () => Promise<boolean>,
): Promise<Way> {
  const asked = askedWay('KAFKA_ONCE_LOCALSTACK', value);
  if (asked === 'processes') return 'processes';
  if (await dockerAnswers()) return 'docker';
  if (asked === undefined) return 'processes';
  throw new PartsError(
    "KAFKA_ONCE_LOCALSTACK is 'docker', but no Docker engine answers `docker info`. Start one, or leave the variable out: " +
      'LocalStack then comes from PyPI.',
  );
}
