import type { App } from 'aws-cdk-lib/core';
import { AwsSolutionsChecks } from 'cdk-nag';
import { nagReasons } from './nag-reasons.ts';
import type { Finding } from './named-template.ts';

/** Runs cdk-nag's AwsSolutions on the stacks of an app. A reason that no finding needs any more is itself a finding. */
export function checkNag(app: App): readonly Finding[] {
  const used = new Set<RegExp>();
  const findings: Finding[] = [];
  for (const { ruleName, description, violatingResources } of new AwsSolutionsChecks(app).validateScope(app)
    .violations) {
    for (const { constructPath = '' } of violatingResources) {
      const what = `${constructPath} ${ruleName}`;
      const reason = nagReasons.find(({ finding }) => finding.test(what));
      if (reason === undefined) {
        findings.push({ template: constructPath.split('/')[0] ?? '', message: `${what}: ${description}` });
      } else used.add(reason.finding);
    }
  }
  const unused = nagReasons.filter(({ finding }) => !used.has(finding));
  return [
    ...findings,
    ...unused.map(({ finding }) => ({ template: 'reasons', message: `${finding.source} matches no finding` })),
  ];
}
