/**
 * What `init` makes of the test repositories, and what becomes of that: built on base images of Debian's packages, checked with the
 * formation's packs, deployed to a real node and verified, by the bundles. `npm run bench -- init [names]`; `npm run bundle` comes first.
 * bench/results/init.md keeps the table.
 */
import { writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { isDeepStrictEqual } from 'node:util';
import { findPrograms, readRepositoryFiles } from '@slipway/starter';
import { makeRepository, REPOSITORIES, type TestRepository, UNSEEN } from '@slipway/testkit/repositories';
import { expectedFacts, factsOf } from '../packages/starter/test/expected-facts.ts';
import { type Delivery, deliver } from './init/deliver.ts';
import { type InitStage, setInitStage } from './init/stage.ts';

const COLUMNS = [
  ...['repository', 'facts', 'files', 'guesses', 'by hand', 'files moved', 'findings'],
  ...['image', 'user', 'GET /', 'verdict', 'seconds from init to the verdict'],
];

async function rowOf(repository: TestRepository, stage: InitStage): Promise<readonly unknown[]> {
  const delivery = await deliver(repository, stage).catch((error: unknown) => lastLine(error));
  if (typeof delivery === 'string') return [repository.what, `no: ${delivery}`];
  if (process.env['SLIPWAY_INIT_LOGS'] !== undefined)
    writeFileSync(`${process.env['SLIPWAY_INIT_LOGS']}/${repository.name}.log`, delivery.log);
  return [repository.what, await comparedFacts(repository), ...cellsOf(delivery)];
}

/** Whether `init` reads what a person wrote down before. */
async function comparedFacts({ name, ...repository }: TestRepository): Promise<string> {
  const expected = expectedFacts(name);
  if (expected === undefined) return 'none written';
  const found = await findPrograms(readRepositoryFiles(await makeRepository({ name, ...repository })));
  return isDeepStrictEqual(found.map(factsOf), expected) ? 'as expected' : 'differ';
}

function cellsOf(one: Delivery): readonly unknown[] {
  const { files, guesses, byHand, errors, warnings, images, answers, verdict, summary, seconds } = one;
  return [
    ...[files, guesses, byHand, 0],
    [errors === 0 ? '' : `${errors} errors`, warnings === 0 ? '' : `${warnings} warnings`]
      .filter(Boolean)
      .join(', ') || 0,
    images.map(({ megabytes }) => `${megabytes} MB`).join(', '),
    images.map(({ user }) => user).join(', '),
    answers.join(', '),
    verdict === 'succeeded' ? verdict : `${verdict}: ${summary}`,
    Math.round(seconds),
  ];
}

/** The error's own line in what a program wrote. */
function lastLine(error: unknown): string {
  const text = `${(error as { stderr?: string }).stderr ?? error}`.trim();
  return (text.split('\n').findLast(line => /error|failed/i.test(line)) ?? text).slice(0, 300);
}

const ALL = [...REPOSITORIES, ...UNSEEN];
const names = process.argv.slice(2);
const unknown = names.filter(name => !ALL.some(one => one.name === name));
if (unknown.length > 0) {
  console.error(
    `There is no repository ${unknown.join(', ')}; choose of ${ALL.map(({ name }) => name).join(', ')}`,
  );
  process.exit(1);
}
// In the order in which they are named.
const chosen = names.length === 0 ? ALL : names.flatMap(name => ALL.filter(one => one.name === name));
const stage = await setInitStage();
try {
  console.log(`| ${COLUMNS.join(' | ')} |\n|${'---|'.repeat(COLUMNS.length)}`);
  for (const repository of chosen) console.log(`| ${(await rowOf(repository, stage)).join(' | ')} |`);
} finally {
  await stage.stop();
}
console.log(
  `\nNode ${process.version}, ${cpus().length} CPUs (${cpus()[0]?.model.trim()}), load ${loadavg()[0]?.toFixed(1)}.`,
);
