import { type App, CloudFormationValidatePlugin } from 'aws-cdk-lib/core';
import { account, region } from './matrix-resources.ts';
import type { Finding, NamedTemplate } from './named-template.ts';

/**
 * Holds the templates to the resource schemas that come with `aws-cdk-lib`. CDK itself only warns of what they say.
 *
 * They are another copy than that of cfn-lint, and of another day.
 */
export function checkSchema(app: App, templates: readonly NamedTemplate[]): readonly Finding[] {
  const { violations } = new CloudFormationValidatePlugin().validate({
    appConstruct: app,
    templatePaths: templates.map(({ path }) => path),
    stackTemplates: templates.map(({ name, path }) => ({
      stackConstructPath: name,
      templatePath: path,
      accountId: account,
      region,
    })),
  });
  return violations.flatMap(({ ruleName, description, violatingResources }) =>
    violatingResources.map(({ templatePath, resourceLogicalId = '', locations }) => ({
      template: templates.find(({ path }) => path === templatePath)?.name ?? String(templatePath),
      message: `${ruleName} ${resourceLogicalId} ${locations.join(', ')}: ${description}`,
    })),
  );
}
