/**
 * Writes schemas/kubernetes-<minor>.json.br: `node packages/policy/tools/regenerate-schemas.ts`. Needs Go, for its module
 * proxy: a module's zip of k8s.io/kubernetes holds the API server's own OpenAPI, and k8s.io/api's Go types tell what OpenAPI
 * does not: whether a field that is empty still shows in the object that admission sees.
 */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { readGoTypes } from './go-types.ts';
import { readOpenApi } from './open-api.ts';

/** The newest patch of each supported minor version when the schemas were last made. */
const PATCHES = ['1.33.13', '1.34.4', '1.35.4', '1.36.3', '1.37.2'];

const output = resolve(import.meta.dirname, '../schemas');

function moduleDirectory(module: string, version: string): string {
  const answer = execFileSync('go', ['mod', 'download', '-json', `${module}@${version}`], {
    encoding: 'utf8',
    cwd: '/',
  });
  return (JSON.parse(answer) as { Dir: string }).Dir;
}

for (const patch of process.argv.length > 2 ? process.argv.slice(2) : PATCHES) {
  const minor = patch.split('.').slice(0, 2).join('.');
  const library = `v0.${patch.slice(2)}`;
  const goTypes = readGoTypes([
    ['', moduleDirectory('k8s.io/api', library)],
    ['meta.', join(moduleDirectory('k8s.io/apimachinery', library), 'pkg/apis/meta')],
    [
      'apiextensions.',
      join(moduleDirectory('k8s.io/apiextensions-apiserver', library), 'pkg/apis/apiextensions'),
    ],
    [
      'apiregistration.',
      join(moduleDirectory('k8s.io/kube-aggregator', library), 'pkg/apis/apiregistration'),
    ],
  ]);
  const folder = join(moduleDirectory('k8s.io/kubernetes', `v${patch}`), 'api/openapi-spec/v3');
  const text = JSON.stringify(readOpenApi(folder, minor, goTypes));
  const compressed = brotliCompressSync(text, {
    params: { [constants.BROTLI_PARAM_SIZE_HINT]: text.length, [constants.BROTLI_PARAM_LGWIN]: 24 },
  });
  writeFileSync(join(output, `kubernetes-${minor}.json.br`), compressed);
  console.log(`${minor}: ${text.length} bytes, ${compressed.length} compressed`);
}
