export type { Trace } from './compile/frame.ts';
export type { Declarations } from './compile/scope.ts';
export { isDate, isDateTime } from './functions/formats.ts';
export { parseUrl } from './functions/urls.ts';
export { compileObjectExpression, type ObjectAnswer, type ObjectExpression } from './object-expression.ts';
export { ExpressionProblem } from './parse/syntax.ts';
export { compileExpression, type Program } from './program.ts';
export { escapeName } from './schemas/escape.ts';
export { embedded, expressionType, propertiesOf, withObjectFields } from './schemas/expression-type.ts';
export { expressionValue } from './schemas/expression-value.ts';
export { parseType } from './types/signature.ts';
export {
  boolType,
  type CelType,
  doubleType,
  dynType,
  formatType,
  intType,
  lazyObjectType,
  listOf,
  mapOf,
  nullType,
  objectType,
  optionalOf,
  stringType,
  timestampType,
} from './types/types.ts';
export { equals } from './values/compare.ts';
export { CostExceeded, EvaluationFailure, Undecided } from './values/failure.ts';
export { BINDING_COST_LIMIT, Meter } from './values/meter.ts';
export { compilePattern } from './values/regular-expression.ts';
export { LazyMap, Optional, type Value } from './values/values.ts';
