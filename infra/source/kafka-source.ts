import type { Construct } from 'constructs';
import { ConfigurationError } from '../../lib/core/errors/errors.ts';
import { refuseProblems } from '../../lib/core/esm/refuse-problems.ts';
import { isObject } from '../../lib/core/event/is-object.ts';
import { bindMskSource, type MskSourceProps, mskSourceProblems } from './msk-source.ts';
import {
  bindSelfManagedSource,
  type SelfManagedSourceProps,
  selfManagedSourceProblems,
} from './self-managed-source.ts';
import type { SourceBinding } from './source-binding.ts';

/** Where records come from. One source may feed several consumers. */
export abstract class KafkaSource {
  /**
   * An Amazon MSK cluster.
   *
   * @throws ConfigurationError if the ARN is none of a cluster, or the label is empty.
   */
  static msk(props: MskSourceProps): KafkaSource {
    refuseMissingAuthentication(props, 'iam(), scram(secret) or mtls(secret)');
    refuseProblems(mskSourceProblems(props));
    return new BoundSource((scope) => bindMskSource(scope, props));
  }

  /**
   * Brokers that are not Amazon MSK's.
   *
   * @throws ConfigurationError if an address is malformed, the label is empty, VPC properties contradict, or there is
   * neither authentication nor a VPC.
   */
  static selfManaged(props: SelfManagedSourceProps): KafkaSource {
    refuseMissingAuthentication(props, 'scram(secret), plain(secret), mtls(secret) or none()');
    refuseProblems(selfManagedSourceProblems(props));
    return new BoundSource((scope) => bindSelfManagedSource(scope, props));
  }

  /**
   * Called by the consumer that reads the source, once.
   *
   * @throws ConfigurationError if the source does not fit the stack: a cluster of another Region, a VPC without subnets.
   */
  abstract bind(scope: Construct): SourceBinding;
}

/** For callers that are not type-checked. */
function refuseMissingAuthentication(props: object, ways: string): void {
  const { authentication }: { readonly authentication?: unknown } = { ...props };
  if (isObject(authentication)) return;
  throw new ConfigurationError('authentication', `is missing; give KafkaAuthentication: ${ways}`);
}

class BoundSource extends KafkaSource {
  readonly #bind: (scope: Construct) => SourceBinding;

  constructor(bind: (scope: Construct) => SourceBinding) {
    super();
    this.#bind = bind;
  }

  override bind(scope: Construct): SourceBinding {
    return this.#bind(scope);
  }
}
