import { compile, isRegistered, TreeInterpreter } from '@jmespath-community/jmespath';
import { ConfigurationError } from '../core/errors/errors.ts';
import type { RecordExpression, SelectingExpression } from '../core/idempotency-key/record-expression.ts';
import { checkRecordName, recordView } from '../core/idempotency-key/record-view.ts';

type Node = ReturnType<typeof compile>;

// The interpreter is typed for JSON, but hands on whatever it meets (bigint, bytes, dates) as it is.
const interpreter: { search(node: Node, value: unknown): unknown } = TreeInterpreter;

/** A node right below another, and whether it is evaluated on the same value as that one. */
interface Below {
  readonly child: Node;
  readonly onSame: boolean;
}

function onSame(...children: readonly Node[]): readonly Below[] {
  return children.map((child) => ({ child, onSame: true }));
}

function onOther(...children: readonly Node[]): readonly Below[] {
  return children.map((child) => ({ child, onSame: false }));
}

function below(node: Node): readonly Below[] {
  switch (node.type) {
    case 'Subexpression':
    case 'Pipe': {
      const passesOn = node.left.type === 'Root' || node.left.type === 'Current' || node.left.type === 'Identity';
      return [...onSame(node.left), { child: node.right, onSame: passesOn }];
    }
    case 'IndexExpression':
    case 'Projection':
    case 'ValueProjection':
      return [...onSame(node.left), ...onOther(node.right)];
    case 'FilterProjection':
      return [...onSame(node.left), ...onOther(node.right, node.condition)];
    case 'AndExpression':
    case 'OrExpression':
    case 'Arithmetic':
    case 'Comparator':
      return onSame(node.left, node.right);
    case 'Flatten':
    case 'NotExpression':
      return onSame(node.child);
    case 'ExpressionReference':
      return onOther(node.child);
    case 'Unary':
      return onSame(node.operand);
    case 'Ternary':
      return onSame(node.condition, node.trueExpr, node.falseExpr);
    case 'MultiSelectList':
    case 'Function':
      return onSame(...node.children);
    case 'MultiSelectHash':
      return onSame(...node.children.map((child) => child.value));
    case 'LetExpression':
      return onSame(...node.bindings, node.expression);
    case 'Binding':
      return onSame(node.reference);
    default:
      return [];
  }
}

function checkFunction(name: string, args: number, property: string): void {
  if (!isRegistered(name)) throw new ConfigurationError(property, `JMESPath has no function '${name}'`);
  try {
    TreeInterpreter.runtime.callFunction(
      name,
      Array.from({ length: args }, () => null),
    );
  } catch (error) {
    // Nulls are mostly of the wrong type, which is no matter here; the number of arguments is looked at before.
    if (error instanceof Error && error.message.startsWith('Invalid arity')) {
      throw new ConfigurationError(property, `'${name}' does not take ${args} arguments`);
    }
  }
}

/** Finds what would fail, or silently yield nothing, on each and every record. */
function check(node: Node, onRecord: boolean, property: string, variables: ReadonlySet<string>): void {
  if (node.type === 'Field' && onRecord) checkRecordName(node.name, property);
  if (node.type === 'Function') checkFunction(node.name, node.children.length, property);
  if (node.type === 'Variable' && !variables.has(node.name)) {
    throw new ConfigurationError(property, `JMESPath variable '${node.name}' is not set by a 'let'`);
  }
  const bound = node.type === 'LetExpression' ? node.bindings.map((binding) => binding.variable) : [];
  const known = bound.length === 0 ? variables : new Set([...variables, ...bound]);
  for (const { child, onSame } of below(node)) check(child, onRecord && onSame, property, known);
}

function parse(expression: string, property: string): Node {
  try {
    return compile(expression);
  } catch (cause) {
    throw new ConfigurationError(property, `'${expression}' is no JMESPath expression`, { cause });
  }
}

function buildsObject(node: Node): boolean {
  switch (node.type) {
    case 'MultiSelectHash':
      return true;
    case 'Subexpression':
    case 'Pipe':
      return buildsObject(node.right);
    case 'LetExpression':
      return buildsObject(node.expression);
    default:
      return false;
  }
}

function compileJmespath(expression: string, property: string): RecordExpression {
  const node = parse(expression, property);
  check(node, true, property, new Set());
  return {
    buildsObject: buildsObject(node),
    select: (record) => interpreter.search(node, recordView(record)),
  };
}

/**
 * A JMESPath expression (community edition, with functions, filters, projections and `let`) as `businessId` or
 * `fingerprint`, over `topic`, `partition`, `offset`, `timestampMs`, `key`, `value` and `headers` (name to text).
 *
 * Only for what a plain string cannot say: it adds 34 KB to a bundle. A function or operator that meets a type it
 * does not take makes the record unprocessable (`businessId`), or the fingerprint one of the record's bytes.
 *
 * `kafkaHandler` throws a ConfigurationError for a syntax error, an unknown function, or a path that starts from a name
 * that records do not have.
 */
export function jmespath(expression: string): SelectingExpression {
  return { kind: 'expression', compile: (property) => compileJmespath(expression, property) };
}
