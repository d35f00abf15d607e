import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { formatPosition, placePointers, type SourceMap } from '@slipway/core';
import { rendered } from './support/shop.ts';

const page = readFileSync(new URL('../../../docs/source-map.md', import.meta.url), 'utf8');

function blocks(language: string): string[] {
  return [...page.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map(
    ([, text = '']) => text,
  );
}

const [stencil = '', config = ''] = blocks('yaml');
const files = { 'stencils/config.yaml': stencil, 'config/a.yaml': config };

it('the example of docs/source-map.md is the result of rendering', async () => {
  const { sourceMap } = await rendered(files);
  expect(JSON.parse(blocks('json')[0] ?? '') as SourceMap).toEqual(sourceMap);
});

it('the table of docs/source-map.md is the meaning of the example', async () => {
  const {
    sourceMap,
    objects: [object],
  } = await rendered(files);
  const places = sourceMap.objects[0]?.places.split(',') ?? [];
  const parts = placePointers(object?.object ?? null).map((pointer, index) => {
    const { endLine, endColumn, ...start } = object?.positionAt(pointer) ?? { path: '', line: 0, column: 0 };
    const from = formatPosition(start).replace('stencils/config.yaml:', '');
    return [
      `\`${places[index]}\``,
      pointer === '' ? 'the object' : `\`${pointer}\``,
      `${from} to ${endLine}:${endColumn}`,
    ];
  });
  const rows = [...page.matchAll(/^\| (`[A-Z][^`]+`) *\| (.+?) *\| (.+?) *\|$/gm)].map(
    ([, ...cells]) => cells,
  );
  expect(rows).toEqual(parts);
});
