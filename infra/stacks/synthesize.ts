import { type App, type Environment, Validations } from 'aws-cdk-lib/core';
import { AwsSolutionsChecks } from 'cdk-nag';
import { readConfiguration } from '../config/configuration.ts';
import { refuseLosses } from '../guard/refuse-losses.ts';
import { makeStacks } from './make-stacks.ts';

/**
 * Makes the stacks that the app's context asks for and synthesises them, checked by CDK itself and by cdk-nag.
 *
 * `environment`: `CDK_DEFAULT_ACCOUNT` and `CDK_DEFAULT_REGION`, as the CLI sets them where it knows them.
 *
 * @throws ConfigurationError naming each context value that is missing or wrong, or what would be lost by this deployment.
 */
export function synthesize(app: App, environment: Readonly<Record<string, string | undefined>>): void {
  const env = target(environment);
  const configuration = readConfiguration(app.node.getAllContext(), env.region);
  const { consumers, cluster } = makeStacks(app, configuration, env);
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  const assembly = app.synth();
  const { deployedTemplate, deployedClusterTemplate } = configuration;
  if (deployedTemplate !== undefined) {
    const { stackName } = consumers;
    refuseLosses('deployedTemplate', deployedTemplate, stackName, assembly.getStackByName(stackName).template);
  }
  if (deployedClusterTemplate !== undefined && cluster !== undefined) {
    const { stackName } = cluster;
    const { template } = assembly.getStackByName(stackName);
    refuseLosses('deployedClusterTemplate', deployedClusterTemplate, stackName, template);
  }
}

/** Without an account the templates are for any. */
function target(environment: Readonly<Record<string, string | undefined>>): Environment {
  const { CDK_DEFAULT_ACCOUNT: account, CDK_DEFAULT_REGION: region } = environment;
  return account === undefined || region === undefined ? {} : { account, region };
}
