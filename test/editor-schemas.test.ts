import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parseDocument } from '@slipway/yaml';
import { Ajv } from 'ajv';
import { ROOT } from './support/sources.ts';

const ADDRESS = 'https://raw.githubusercontent.com/slipway-dev/slipway/v1/';
const page = readFileSync(join(ROOT, 'docs/editors.md'), 'utf8');
const addresses = [...page.matchAll(/https:\/\/raw\.githubusercontent\.com\/[^\s"<>]+/g)].map(
  ([found]) => found,
);

function schemaAt(address: string): object {
  return JSON.parse(readFileSync(join(ROOT, address.replace(ADDRESS, '')), 'utf8')) as object;
}

const [, settingsText = '{}'] = /^```json\n(.*?)^```/ms.exec(page) ?? [];
const settings = JSON.parse(settingsText) as { 'yaml.schemas': Record<string, readonly string[]> };
const mapped = Object.entries(settings['yaml.schemas']).filter(([schema]) => schema.startsWith('https:'));

describe('the schemas that docs/editors.md names', () => {
  it.each([...new Set(addresses)])('are in the repository: %s', address => {
    expect(address.startsWith(ADDRESS)).toBe(true);
    expect(existsSync(join(ROOT, address.replace(ADDRESS, '')))).toBe(true);
  });

  it('are those of every kind that users write', () => {
    const kinds = ['application', 'formation', 'config', 'waiver'];
    const names = new Set(addresses.map(address => address.replace(/.*\/(.*)\.json$/, '$1')));
    expect([...names].sort()).toEqual(kinds.sort());
  });

  const files = mapped.flatMap(([schema, patterns]) =>
    patterns.flatMap(pattern =>
      globSync(pattern, { cwd: join(ROOT, 'examples/shop') }).map(file => [file, schema] as const),
    ),
  );

  it('find each file of the example', () => {
    expect(files.map(([file]) => file).sort()).toEqual([
      'config/database.yaml',
      'config/shop.yaml',
      'formations/production.yaml',
      'formations/staging.yaml',
      'slipway.yaml',
    ]);
  });

  it.each(files)('accept %s of the example, and refuse it with an unknown field', (file, schema) => {
    const validate = new Ajv({ strict: false }).compile(schemaAt(schema));
    const { value } = parseDocument(readFileSync(join(ROOT, 'examples/shop', file), 'utf8'), file);
    expect([validate(value), validate.errors]).toEqual([true, null]);
    expect(validate({ ...(value as object), unknown: 1 })).toBe(false);
  });

  it('are named by a first line that the reader takes for a comment', () => {
    const [, modeline = ''] = /^```yaml\n(.*?)^```/ms.exec(page) ?? [];
    expect(parseDocument(modeline, 'a.yaml').value).toEqual({
      apiVersion: 'slipway.dev/v1',
      kind: 'Formation',
    });
  });
});
