import type { Schema } from '@slipway/policy';
import { type Filter, type Route, type RouteStep, routesOf } from './json-path.ts';
import { type Attribute, CopperProblem, type Logic, type Term } from './syntax.ts';

/**
 * The condition of a Copper rule about objects of a kind, in CEL.
 * @throws CopperProblem for a condition that CEL cannot express with the same meaning
 */
export function conditionOf(logic: Logic, schema: Schema): string {
  switch (logic.form) {
    case 'boolean':
      return String(logic.value);
    case 'logic':
      return `(${conditionOf(logic.left, schema)}) ${logic.operator} (${conditionOf(logic.right, schema)})`;
    default:
      return comparison(logic.operator, logic.left, logic.right, schema);
  }
}

function comparison(operator: string, left: Term, right: Term, schema: Schema): string {
  if (isFetch(left)) return ofFetch(operator, left, right, schema);
  if (isFetch(right) && operator === 'in') return containsValue(readFetch(right, schema), literal(left));
  throw new CopperProblem('a comparison must have fetch on its left', left.line);
}

function isFetch(term: Term): boolean {
  return term.form === 'call' && term.name === 'fetch';
}

interface Fetched {
  readonly routes: readonly Route[];
  /** The expression for each value, such as the tag of an image. */
  readonly change: (value: string) => string;
  readonly type: 'plain' | 'semver' | 'ipaddress';
  readonly last: Attribute | undefined;
  readonly line: number;
}

function readFetch(term: Term, schema: Schema): Fetched {
  const [path] = term.form === 'call' ? term.parameters : [];
  if (path?.form !== 'text') throw new CopperProblem('the path of fetch must be in quotes', term.line);
  const routes = routesOf(path.value, schema, term.line);
  const attributes = [...term.attributes];
  const last = terminals.has(attributes.at(-1)?.name ?? '') ? attributes.pop() : undefined;
  return { routes, last, line: term.line, ...changesOf(attributes, term.line) };
}

const terminals = new Set(['count', 'first', 'contains']);

/** How attributes such as `.as(:image).pick(:tag)` change each value. */
function changesOf(attributes: readonly Attribute[], line: number): Pick<Fetched, 'change' | 'type'> {
  const words = attributes.map(wordOf).filter(word => word !== 'unique');
  switch (words.join(' ')) {
    case '':
      return { change: value => value, type: 'plain' };
    case 'as:semver':
      return { change: value => value, type: 'semver' };
    case 'as:ipaddress':
      return { change: value => value, type: 'ipaddress' };
    case 'as:image pick:tag':
    case 'extract:.*:(.*)':
      return { change: tagOf, type: 'plain' };
    case 'as:image pick:tag as:semver':
      return { change: tagOf, type: 'semver' };
    default:
      throw new CopperProblem(`.${attributes.map(({ name }) => name).join('.')} cannot be converted`, line);
  }
}

function wordOf({ name, parameters: [first] }: Attribute): string {
  if (first?.form === 'symbol') return `${name}:${first.name}`;
  return first?.form === 'text' ? `${name}:${first.value}` : name;
}

/** The tag of an image; Copper mistook a registry's port or a digest for the tag. */
function tagOf(image: string): string {
  const name = `${image}.split('@')[0]`;
  const segment = `${name}.substring(${name}.lastIndexOf('/') + 1)`;
  return `(${segment}.contains(':') ? ${segment}.split(':')[1] : ${image}.contains('@') ? '' : 'latest')`;
}

function ofFetch(operator: string, left: Term, right: Term, schema: Schema): string {
  const fetched = readFetch(left, schema);
  const { last, routes, change, line } = fetched;
  if (last?.name === 'count') return `${countOf(routes)} ${operator} ${literal(right)}`;
  if (last?.name === 'contains') {
    const found = containsValue(fetched, literal(last.parameters[0] as Term));
    const isWanted = right.form === 'boolean' && (operator === '==') === right.value;
    if (right.form !== 'boolean' || !['==', '!='].includes(operator))
      throw new CopperProblem('.contains must be compared with true or false', line);
    return isWanted ? found : `!(${found})`;
  }
  if (last?.name === 'first')
    return onFirst(routes, value => test(change(value), operator, right, fetched), line);
  if (right.form === 'set' && ['==', '!='].includes(operator)) {
    const same = sameItems(routes, change, right.items.map(literal), line);
    return operator === '==' ? same : `!(${same})`;
  }
  throw new CopperProblem('the comparison lacks .first, .count or .contains', line);
}

function test(value: string, operator: string, right: Term, { type, line }: Fetched): string {
  if (operator !== 'in') return compareWith(value, operator, right, type);
  if (right.form === 'set') return `${value} in [${right.items.map(literal).join(', ')}]`;
  if (right.form === 'range') return `${value} >= ${literal(right.from)} && ${value} <= ${literal(right.to)}`;
  const network = right.form === 'call' && right.name === 'ipaddress' ? right.parameters[0] : undefined;
  if (network?.form === 'text') return `isIP(${value}) && cidr(${quote(network.value)}).containsIP(${value})`;
  throw new CopperProblem('"in" must be followed by a set, a range or a network', line);
}

function compareWith(value: string, operator: string, right: Term, type: Fetched['type']): string {
  const version = right.form === 'call' && right.name === 'semver' ? right.parameters[0] : undefined;
  if (version?.form === 'text')
    return `isSemver(${value}) && semver(${value}).compareTo(semver(${quote(version.value)})) ${operator} 0`;
  if (type === 'semver') throw new CopperProblem('a version must be compared with semver("…")', right.line);
  return `${value} ${operator} ${literal(right)}`;
}

function literal(term: Term): string {
  if (term.form === 'number' || term.form === 'boolean') return String(term.value);
  if (term.form === 'text' && term.attributes.length === 0) return quote(term.value);
  throw new CopperProblem('this value cannot be converted', term.line);
}

function quote(text: string): string {
  return `'${text.replace(/[\\']/g, letter => `\\${letter}`).replaceAll('\n', '\\n')}'`;
}

function containsValue({ routes, change }: Fetched, wanted: string): string {
  return routes.map(route => exists(route, value => `${change(value)} == ${wanted}`)).join(' || ');
}

/** Whether a value at the end of a route fulfils a condition; false where the route ends early. */
function exists(route: Route, condition: (value: string) => string, base = 'object', depth = 1): string {
  const [step, ...rest] = route;
  if (step === undefined) return condition(base);
  const { guard, next } = enter(step, base);
  if (next !== undefined) return `${guard} && ${exists(rest, condition, next, depth)}`;
  const name = `v${depth}`;
  const inner = exists(rest, condition, itemOf(step, base, name), depth + 1);
  return `${base}.exists(${name}, ${filterOf(step, base, name)}${inner})`;
}

/** A test that a field or index exists, and the value at it; a loop has no single value. */
function enter(step: RouteStep, base: string): { guard: string; next: string | undefined } {
  if ('index' in step) return { guard: `size(${base}) > ${step.index}`, next: `${base}[${step.index}]` };
  if ('each' in step) return { guard: '', next: undefined };
  const isName = /^[A-Za-z_]\w*$/.test(step.field);
  return isName
    ? { guard: `has(${base}.${step.field})`, next: `${base}.${step.field}` }
    : { guard: `${quote(step.field)} in ${base}`, next: `${base}[${quote(step.field)}]` };
}

function itemOf(step: RouteStep, base: string, name: string): string {
  return 'each' in step && step.each === 'entry' ? `${base}[${name}]` : name;
}

function filterOf(step: RouteStep, base: string, name: string): string {
  const where: Filter | undefined = 'each' in step ? step.where : undefined;
  if (where === undefined) return '';
  const item = itemOf(step, base, name);
  return `has(${item}.${where.field}) && ${item}.${where.field} ${where.operator} ${where.value} && `;
}

function countOf(routes: readonly Route[]): string {
  return routes.length === 1
    ? countRoute(routes[0] as Route)
    : `(${routes.map(route => countRoute(route)).join(' + ')})`;
}

function countRoute(route: Route, base = 'object', depth = 1): string {
  const [step, ...rest] = route;
  if (step === undefined) return '1';
  const { guard, next } = enter(step, base);
  if (next !== undefined) return `(${guard} ? ${countRoute(rest, next, depth)} : 0)`;
  const name = `v${depth}`;
  const filter = filterOf(step, base, name).replace(/ && $/, '');
  const inner = countRoute(rest, itemOf(step, base, name), depth + 1);
  const chosen =
    filter === '' ? `${base}.map(${name}, ${inner})` : `${base}.map(${name}, ${filter}, ${inner})`;
  return `${chosen}.sum()`;
}

/** The first value that exists. Without one Copper fails, and so does the condition. */
function onFirst(routes: readonly Route[], condition: (value: string) => string, line: number): string {
  const [route, second] = routes;
  const loops = (route ?? []).filter(step => 'each' in step).length;
  if (route === undefined || second !== undefined || loops > 1)
    throw new CopperProblem('more than one list could have the first value; name one list', line);
  if (loops === 0) return exists(route, condition);
  const at = route.findIndex(step => 'each' in step);
  const [before, step, after] = [route.slice(0, at), route[at] as RouteStep, route.slice(at + 1)];
  return exists(before, base => {
    const has = exists(after, () => 'true', itemOf(step, base, 'v1'), 2);
    const found = `${base}.filter(v1, ${filterOf(step, base, 'v1')}${has})`;
    return `${found}.size() > 0 && ${exists(after, condition, itemOf(step, base, `${found}[0]`), 2)}`;
  });
}

/** The same items in any order, as Copper compares arrays. */
function sameItems(
  routes: readonly Route[],
  change: (value: string) => string,
  items: readonly string[],
  line: number,
): string {
  const [route, second] = routes;
  const at = (route ?? []).findIndex(step => 'each' in step);
  const isSimple = route !== undefined && second === undefined && at >= 0;
  if (!isSimple || route.slice(at + 1).some(step => 'each' in step))
    throw new CopperProblem('only the values of one list can be compared with a set', line);
  const [before, step, after] = [route.slice(0, at), route[at] as RouteStep, route.slice(at + 1)];
  const set = `[${items.join(', ')}]`;
  const same = exists(before, base => {
    const value = (inner: string): string => change(valueAt(after, inner));
    const has = exists(after, () => 'true', itemOf(step, base, 'v1'), 2);
    const list = `${base}.map(v1, ${filterOf(step, base, 'v1')}${has}, ${value(itemOf(step, base, 'v1'))})`;
    return `${list}.size() == ${items.length} && ${list}.all(v1, v1 in ${set}) && ${set}.all(v1, v1 in ${list})`;
  });
  return items.length === 0 ? `${countOf(routes)} == 0` : same;
}

function valueAt(route: Route, base: string): string {
  return route.reduce((value, step) => enter(step, value).next ?? value, base);
}
