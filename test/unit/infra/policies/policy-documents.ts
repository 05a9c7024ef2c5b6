/** A statement of any policy document in a template, and where it stands. */
export interface PolicyStatement {
  /** Logical ID of the resource that has it. */
  readonly owner: string;
  readonly effect: unknown;
  readonly actions: readonly unknown[];
  readonly resources: readonly unknown[];
  /** Those of a policy of a resource name who may, and stand for that resource. */
  readonly hasPrincipal: boolean;
}

interface Found {
  readonly owner: string;
  readonly value: unknown;
}

/** Every statement of a template: of roles, inline, of queues, buckets, topics and keys. */
export function statementsIn(template: unknown): readonly PolicyStatement[] {
  const resources: unknown = Object(template).Resources;
  return Object.entries(Object(resources)).flatMap(([owner, value]) =>
    documentsIn({ owner, value }).flatMap(({ value: statements }) => list(statements).map((one) => parsed(owner, one))),
  );
}

/** Whatever has a `Statement`, however deep. */
function documentsIn({ owner, value }: Found): readonly Found[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) =>
    name === 'Statement' ? [{ owner, value: member }] : documentsIn({ owner, value: member }),
  );
}

function parsed(owner: string, statement: unknown): PolicyStatement {
  const { Effect, Action, NotAction, Resource, NotResource, Principal } = Object(statement);
  if (NotAction !== undefined || NotResource !== undefined) throw new Error(`${owner} allows all but something.`);
  return {
    owner,
    effect: Effect,
    actions: list(Action),
    resources: list(Resource),
    hasPrincipal: Principal !== undefined,
  };
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}

/** A policy that a role attaches instead of holding it, as JSON. */
export interface AttachedPolicy {
  readonly owner: string;
  readonly policy: string;
}

/** The policies that roles attach. */
export function attachedIn(template: unknown): readonly AttachedPolicy[] {
  const resources: unknown = Object(template).Resources;
  return Object.entries(Object(resources)).flatMap(([owner, resource]) => {
    const { ManagedPolicyArns } = Object(Object(resource).Properties);
    const attached = ManagedPolicyArns === undefined ? [] : list(ManagedPolicyArns);
    return attached.map((policy) => ({ owner, policy: JSON.stringify(policy) }));
  });
}
