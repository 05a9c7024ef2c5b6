import { type Context, contextExamples } from '../../infra/config/context-names.ts';

const { greenfield, mskClusterArn, bootstrapServers, secretArn, paymentGatewayUrl } = contextExamples;

/** The app's context for each source whose templates are kept at a release, by the name of their folder. */
export const releasedContexts: Readonly<Record<'greenfield' | 'msk' | 'brokers', Context>> = {
  greenfield: { greenfield, paymentGatewayUrl },
  msk: { mskClusterArn, paymentGatewayUrl },
  brokers: { bootstrapServers, secretArn, paymentGatewayUrl },
};
