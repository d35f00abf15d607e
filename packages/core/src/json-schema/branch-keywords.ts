import { isJsonObject } from '../json.ts';
import { type Judging, same } from './judging.ts';
import type { Fault } from './keywords.ts';
import type { Position, Schema, SchemaError } from './schema-error.ts';

export function anyOf(position: Position, judging: Judging): void {
  const branches = branchesOf(position, 'anyOf', judging);
  if (branches.some(found => found.length === 0)) return;
  judging.addAll(position, 'anyOf', branches.flat(), { message: 'must match a schema in anyOf', params: {} });
}

export function oneOf(position: Position, judging: Judging): void {
  // A field says which branch is meant, and only that one is looked at.
  if (position.schema['discriminator'] !== undefined) return;
  const branches = branchesOf(position, 'oneOf', judging);
  const passing = branches.flatMap((found, index) => (found.length === 0 ? [index] : []));
  if (passing.length === 1) return;
  const passingSchemas = passing.length === 0 ? null : passing.slice(0, 2);
  judging.addAll(position, 'oneOf', branches.flat(), {
    message: 'must match exactly one schema in oneOf',
    params: { passingSchemas },
  });
}

function branchesOf(
  position: Position,
  keyword: 'anyOf' | 'oneOf',
  judging: Judging,
): (readonly SchemaError[])[] {
  const schemas = position.schema[keyword] as readonly Schema[];
  return schemas.map((schema, index) => judging.separately(same(position, schema, `/${keyword}/${index}`)));
}

export function ifThenElse(position: Position, judging: Judging): void {
  const condition = same(position, position.schema['if'] as Schema, '/if');
  const failingKeyword = judging.holds(condition) ? 'then' : 'else';
  const schema = position.schema[failingKeyword] as Schema | undefined;
  if (schema === undefined) return;
  const found = judging.separately(same(position, schema, `/${failingKeyword}`));
  if (found.length === 0) return;
  const message = `must match "${failingKeyword}" schema`;
  judging.addAll(position, 'if', found, { message, params: { failingKeyword } });
}

export function discriminator(position: Position, judging: Judging): void {
  const { propertyName: tag } = position.schema['discriminator'] as { readonly propertyName: string };
  const tagValue = (position.data as Readonly<Record<string, unknown>>)[tag];
  const branches = position.schema['oneOf'] as readonly Schema[];
  const index = branches.findIndex(
    ({ properties: known }) => isJsonObject(known) && saysTag(known[tag], tagValue),
  );
  const branch = branches[index];
  if (branch === undefined) judging.add(position, 'discriminator', tagFault(tag, tagValue));
  else judging.judge(same(position, branch, `/oneOf/${index}`));
}

function tagFault(tag: string, tagValue: unknown): NonNullable<Fault> {
  return typeof tagValue === 'string'
    ? { message: `value of tag "${tag}" must be in oneOf`, params: { error: 'mapping', tag, tagValue } }
    : { message: `tag "${tag}" must be string`, params: { error: 'tag', tag, tagValue } };
}

function saysTag(schema: unknown, tagValue: unknown): boolean {
  return isJsonObject(schema) && typeof tagValue === 'string' && schema['const'] === tagValue;
}
