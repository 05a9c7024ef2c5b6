import { describe, expect, it } from 'vitest';
import { withoutResourceLevel } from './allowed-stars.ts';
import { everyTemplate } from './every-template.ts';
import { type AttachedPolicy, attachedIn, type PolicyStatement, statementsIn } from './policy-documents.ts';

const templates = everyTemplate();

/** A policy of a key, queue, bucket or topic stands for that resource; a denial takes away. */
function grantedBy(template: unknown): readonly PolicyStatement[] {
  return statementsIn(template).filter(({ effect, hasPrincipal }) => effect === 'Allow' && !hasPrincipal);
}

const inWords = ({ owner, actions, resources }: PolicyStatement) => ({ owner, actions, resources });
const hasStar = (name: unknown) => typeof name !== 'string' || !/^[a-z0-9-]+:[A-Za-z0-9]+$/.test(name);

describe.each(templates)('policies of %s', (_, template) => {
  const granted = grantedBy(template);

  it('grant something, and say so', () => {
    expect(granted.length).toBeGreaterThan(0);
    const effects = statementsIn(template).map(({ effect }) => effect);
    expect(effects.filter((effect) => effect !== 'Allow' && effect !== 'Deny')).toEqual([]);
  });

  it('have no star as resource, but for actions without a resource level', () => {
    const onAll = granted.filter(({ resources }) => resources.includes('*'));
    const tooMuch = onAll.filter(({ actions }) => !actions.every((name) => withoutResourceLevel.has(name)));
    expect(tooMuch.map(inWords)).toEqual([]);
  });

  it('name each action in full', () => {
    const byFamily = granted.filter(({ actions }) => actions.some(hasStar));
    expect(byFamily.map(inWords)).toEqual([]);
  });

  it('are all in the template, but for the logs of the functions that CDK runs while it deploys', () => {
    const byCdk = ({ owner, policy }: AttachedPolicy) =>
      /^AWS[A-Z0-9]/.test(owner) && /:policy\/service-role\/AWSLambdaBasicExecutionRole"\W*$/.test(policy);
    expect(attachedIn(template).filter((attached) => !byCdk(attached))).toEqual([]);
  });
});

it('the list of exceptions holds nothing that is not granted', () => {
  const granted = new Set(templates.flatMap(([, template]) => grantedBy(template).flatMap(({ actions }) => actions)));
  expect([...withoutResourceLevel].filter((name) => !granted.has(name))).toEqual([]);
});
