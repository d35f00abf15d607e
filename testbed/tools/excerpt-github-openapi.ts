/**
 * Takes from GitHub's published OpenAPI description what the double of GitHub answers:
 * `npm pack @octokit/openapi`, unpack it, then `node testbed/tools/excerpt-github-openapi.ts <package>/generated/api.github.com.json`.
 * The whole description is 385 MB on disk in that package, so it is not a dependency; the excerpt names the version it was made from.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { OPERATIONS } from '../src/github/operations.ts';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type JsonObject = { [key: string]: Json };

/** Words for people, most of the volume. */
const PROSE = [
  'description',
  'example',
  'examples',
  'summary',
  'x-github',
  'externalDocs',
  'title',
  'tags',
  'x-octokit',
];

const [path = ''] = process.argv.slice(2);
const whole = JSON.parse(readFileSync(path, 'utf8')) as JsonObject;
const components: Record<string, Record<string, Json>> = {};

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A property that happens to be called `title` is a schema, and stays. */
function isSchema(value: Json | undefined): boolean {
  return isObject(value) && ['type', '$ref', 'allOf', 'anyOf', 'oneOf', 'nullable'].some(key => key in value);
}

function withoutProse(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutProse);
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(([key, inner]) => !PROSE.includes(key) || isSchema(inner));
  return Object.fromEntries(kept.map(([key, inner]) => [key, withoutProse(inner)]));
}

function collect(value: Json): void {
  if (Array.isArray(value)) value.forEach(collect);
  if (!isObject(value)) return;
  if (typeof value['$ref'] === 'string') include(value['$ref']);
  Object.values(value).forEach(collect);
}

function include(reference: string): void {
  const [, , kind = '', name = ''] = reference.split('/');
  components[kind] ??= {};
  if (name in components[kind]) return;
  const source = ((whole['components'] as JsonObject)[kind] as JsonObject)[name] as Json;
  components[kind][name] = withoutProse(source);
  collect(components[kind][name]);
}

const paths: Record<string, Record<string, Json>> = {};
for (const operation of OPERATIONS) {
  const [method = '', route = ''] = operation.split(' ');
  const source = ((whole['paths'] as JsonObject)[route] as JsonObject)[method.toLowerCase()] as Json;
  paths[route] = { ...paths[route], [method.toLowerCase()]: withoutProse(source) };
  collect(paths[route] as Json);
}
const { version } = whole['info'] as JsonObject;
const excerpt = {
  openapi: whole['openapi'],
  info: { title: 'GitHub REST API, an excerpt', version },
  paths,
  components,
};
writeFileSync(new URL('../src/github/openapi.json', import.meta.url), `${JSON.stringify(excerpt)}\n`);
