import { compile, isRegistered, TreeInterpreter } from '@jmespath-community/jmespath';
import { ConfigurationError } from '../errors/errors.ts';
import type { KafkaRecord } from '../record.ts';
import { recordView, viewNames } from './record-view.ts';

type Node = ReturnType<typeof compile>;

/** A JMESPath expression over a record, ready to use. */
export interface RecordExpression {
  /** Whether the expression builds an object of parts: `{a: value.a, b: value.b}`. */
  readonly buildsObject: boolean;
  /** May throw, where a function or operator meets a type it does not take. Undefined and absent are null. */
  readonly select: (record: KafkaRecord<unknown, unknown>) => unknown;
}

// The interpreter is typed for JSON, but hands on whatever it meets (bigint, bytes, dates) as it is.
const interpreter: { search(node: Node, value: unknown): unknown } = TreeInterpreter;

/** The nodes right below, and whether they are evaluated on the same value as the node itself. */
function below(node: Node): readonly (readonly [Node, boolean])[] {
  switch (node.type) {
    case 'Subexpression':
    case 'IndexExpression':
    case 'Pipe':
    case 'Projection':
    case 'ValueProjection':
      return [
        [node.left, true],
        [node.right, false],
      ];
    case 'FilterProjection':
      return [
        [node.left, true],
        [node.right, false],
        [node.condition, false],
      ];
    case 'AndExpression':
    case 'OrExpression':
    case 'Arithmetic':
    case 'Comparator':
      return [
        [node.left, true],
        [node.right, true],
      ];
    case 'Flatten':
    case 'NotExpression':
      return [[node.child, true]];
    case 'ExpressionReference':
      return [[node.child, false]];
    case 'Unary':
      return [[node.operand, true]];
    case 'Ternary':
      return [
        [node.condition, true],
        [node.trueExpr, true],
        [node.falseExpr, true],
      ];
    case 'MultiSelectList':
    case 'Function':
      return node.children.map((child) => [child, true]);
    case 'MultiSelectHash':
      return node.children.map((child) => [child.value, true]);
    case 'LetExpression':
      return [...node.bindings.map((binding) => [binding.reference, true] as const), [node.expression, true]];
    case 'Binding':
      return [[node.reference, true]];
    default:
      return [];
  }
}

/** Finds what would fail, or silently yield nothing, on each and every record. */
function check(node: Node, onRecord: boolean, property: string): void {
  if (node.type === 'Field' && onRecord && !viewNames.some((name) => name === node.name)) {
    throw new ConfigurationError(
      property,
      `a record has no '${node.name}' (it has ${viewNames.join(', ')}); did you mean 'value.${node.name}'? ` +
        'A name with other signs than letters, digits and _ needs double quotes',
    );
  }
  if (node.type === 'Function' && !isRegistered(node.name)) {
    throw new ConfigurationError(property, `JMESPath has no function '${node.name}'`);
  }
  for (const [child, onSame] of below(node)) check(child, onRecord && onSame, property);
}

function parse(expression: string, property: string): Node {
  try {
    return compile(expression);
  } catch (cause) {
    throw new ConfigurationError(property, `'${expression}' is no JMESPath expression`, { cause });
  }
}

/**
 * Compiles a JMESPath expression (community edition) over `topic`, `partition`, `offset`, `timestampMs`, `key`,
 * `value` and `headers` (name to text).
 *
 * @throws ConfigurationError for a syntax error, an unknown function, or a path that starts from a name that records
 * do not have: `orderId` instead of `value.orderId` would never find anything.
 */
export function compileExpression(expression: string, property: string): RecordExpression {
  const node = parse(expression, property);
  check(node, true, property);
  return {
    buildsObject: node.type === 'MultiSelectHash',
    select: (record) => interpreter.search(node, recordView(record)),
  };
}
