import { z } from 'zod';

const report = z.object({
  pluginReports: z.array(
    z.object({
      violations: z.array(
        z.object({ ruleName: z.string(), violatingConstructs: z.array(z.object({ constructPath: z.string() })) }),
      ),
    }),
  ),
});

/** Findings of cdk-nag in the report that a synthesis leaves, as `<rule> <construct>`. */
export function findingsOf(validationReport: unknown): readonly string[] {
  return report
    .parse(validationReport)
    .pluginReports.flatMap(({ violations }) =>
      violations.flatMap(({ ruleName, violatingConstructs }) =>
        violatingConstructs.map(({ constructPath }) => `${ruleName} ${constructPath}`),
      ),
    );
}
