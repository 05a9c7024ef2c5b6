import { join } from 'node:path';
import { expect, it } from 'vitest';
import { appContexts } from '../../../scripts/synth/app-contexts.ts';
import { runApps } from '../../../scripts/synth/run-app.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const gateway = { paymentGatewayUrl: 'https://payments.example.com', localstack: 'true' };

it('the runs of the app tell one that fails, also where it has written its templates', async () => {
  const outdir = temporaryFolder('runs');
  const contexts = {
    Right: gateway,
    Missing: {},
    Losing: { ...gateway, deployedTemplate: join(outdir, 'absent.json') },
  };
  const found = (await runApps(contexts, outdir)).flatMap(({ findings }) => findings);
  expect(found.toSorted((one, other) => (one.template < other.template ? -1 : 1))).toEqual([
    { template: 'Losing', message: expect.stringContaining('deployedTemplate: is ') },
    { template: 'Missing', message: expect.stringContaining('mskClusterArn: ') },
  ]);
});

it('the app is run with every source', () => {
  expect(Object.keys(appContexts)).toEqual([
    ...['AppMsk', 'AppMskScramReporting', 'AppBrokers', 'AppBrokersInVpc', 'AppGreenfield', 'AppLocalstack'],
  ]);
});
