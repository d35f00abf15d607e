import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { TESTED_KUBERNETES } from '@slipway/testbed';
import { ROOT } from './support/sources.ts';

/** What comes with a part of the testbed, and is built with it. */
const OF_PARTS: ReadonlySet<string> = new Set(['kubectl']);

const folders = '{packages,actions,testbed,tools,.}';
const files = [`${folders}/*/test/**/*.ts`, `${folders}/test/**/*.ts`].flatMap(pattern =>
  globSync(pattern, { cwd: ROOT, exclude: path => path.includes('node_modules') }),
);

it('every program that a test runs is built before the tests, so that no time limit of a test covers a build', () => {
  const wanted = files.flatMap(file =>
    [...readFileSync(join(ROOT, file), 'utf8').matchAll(/toolPath\('([^']+)'/g)].map(
      ([, tool]) => tool ?? '',
    ),
  );
  const list = /TESTED_TOOLS[^;]*;/.exec(readFileSync(join(ROOT, 'tools/check.ts'), 'utf8'))?.[0] ?? '';
  const missing = new Set(wanted.filter(tool => !OF_PARTS.has(tool) && !list.includes(`'${tool}'`)));
  expect(wanted.length).toBeGreaterThan(10);
  expect([...missing]).toEqual([]);
});

it('every version of Kubernetes that a test starts is built before the tests', () => {
  const starting = /(?:useCluster|useTestbed|startTestbed)\([^;]*?kubernetes: ?'([^']+)'/g;
  const wanted = files.flatMap(file =>
    [...readFileSync(join(ROOT, file), 'utf8').matchAll(starting)].map(([, version]) => version ?? ''),
  );
  expect(wanted.filter(version => !(TESTED_KUBERNETES as readonly string[]).includes(version))).toEqual([]);
});
