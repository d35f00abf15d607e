/**
 * build-retag beside crane and skopeo: tags within a repository, copies across repositories of one registry, and 200 MB and 1 GB
 * from one registry to another. README.md says how to run it; bench/results/ keeps the tables.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { whileStreaming } from '@slipway/github';
import { copyImage, createRegistryClient, parseReference, parseRepository } from '@slipway/registry';
import { type RunningRegistry, startTestbed, toolPath } from '@slipway/testbed';
import { countRequests, oneByOne, pushImages, retagAll } from './retagging.ts';
import { type Measurement, median } from './stopwatch.ts';

const ROUNDS = 5;
const MEGABYTE = 1_000_000;

type Contestants = Readonly<Record<string, (round: number) => Promise<Measurement>>>;

/** Round by round, so that a busy moment of the machine falls on all alike; the first round does not count. */
async function compare(title: string, contestants: Contestants, rounds = ROUNDS): Promise<void> {
  const results = new Map(Object.keys(contestants).map(name => [name, [] as Measurement[]]));
  for (let round = 0; round <= rounds; round++)
    for (const [name, run] of Object.entries(contestants)) {
      const measured = await run(round);
      if (round > 0) results.get(name)?.push(measured);
    }
  console.log(`\n${title}\n\n| program | ms | most memory, MB |\n|---|---|---|`);
  for (const [name, measured] of results) {
    const milliseconds = median(measured.map(({ milliseconds }) => milliseconds));
    const megabytes = Math.max(...measured.map(({ megabytes }) => megabytes));
    const memory = Number.isNaN(megabytes) ? '' : megabytes.toFixed(0);
    console.log(`| ${name} | ${milliseconds.toFixed(0)} | ${memory} |`);
  }
}

/** Without what a process costs before and after: Node itself, inputs, the snapshot. Its memory is that of the benchmark. */
async function copyAlone(source: string, target: string): Promise<Measurement> {
  const started = performance.now();
  await copyImage(createRegistryClient({ whileStreaming }), parseReference(source), parseRepository(target));
  return { milliseconds: performance.now() - started, megabytes: Number.NaN };
}

const directory = mkdtempSync(join(tmpdir(), 'slipway-bench-'));
const testbeds = await Promise.all([1, 2].map(() => startTestbed({ parts: ['registry'] })));
try {
  const [near, far] = testbeds.map(({ registry }) => registry) as [RunningRegistry, RunningRegistry];
  const crane = await toolPath('crane');
  const skopeo = await toolPath('skopeo');
  // Debian has it without the policy that it asks for.
  const unchecked = ['--insecure-policy', 'copy', '--src-tls-verify=false', '--dest-tls-verify=false'];

  const fifty = await pushImages(near, 'fifty', 50, [1000, 2000]);
  await compare('## 50 images get a tag in their repositories', {
    'build-retag, one run': round => retagAll(directory, fifty, `${near.address}/fifty`, `slipway-${round}`),
    'crane tag, 50 runs': round => oneByOne(crane, name => ['tag', `${name}:1`, `crane-${round}`], fifty),
  });
  const tagged = await countRequests(directory, near, fifty, address => `${address}/fifty`, 'counted');
  console.log(`\nRequests per image: ${tagged.perImage}; blobs downloaded: ${tagged.downloads}.`);

  const twenty = await pushImages(near, 'twenty', 20, [MEGABYTE, MEGABYTE, MEGABYTE]);
  const targetOf = (index: number, tag: string) => `${near.address}/copies/${tag}/s${index}:${tag}`;
  await compare('## 20 images of 3 MB into other repositories of their registry', {
    'build-retag, one run': round =>
      retagAll(directory, twenty, `${near.address}/copies/slipway-${round}`, `slipway-${round}`),
    'crane copy, 20 runs': round =>
      oneByOne(crane, (name, index) => ['copy', `${name}:1`, targetOf(index, `crane-${round}`)], twenty),
    'skopeo copy, 20 runs': round =>
      oneByOne(
        skopeo,
        (name, index) => [
          ...unchecked,
          `docker://${name}:1`,
          `docker://${targetOf(index, `skopeo-${round}`)}`,
        ],
        twenty,
      ),
  });
  const copied = await countRequests(directory, near, twenty, address => `${address}/counted`, 'counted');
  console.log(`\nRequests per image: ${copied.perImage}; blobs downloaded: ${copied.downloads}.`);

  for (const [title, megabytes, rounds] of [
    ['200 MB', 50, ROUNDS],
    ['1 GB', 250, 2],
  ] as const) {
    const path = `large-${megabytes}`;
    const large = await pushImages(
      near,
      path,
      1,
      Array.from({ length: 4 }, () => megabytes * MEGABYTE),
    );
    const target = (program: string, round: number) => `${far.address}/${path}/${program}-${round}`;
    await compare(
      `## One image of ${title} into another registry`,
      {
        'build-retag': round => retagAll(directory, large, target('slipway', round), '1'),
        'the copy alone, in a process that runs': round =>
          copyAlone(`${large[0]}:1`, `${target('alone', round)}/s0`),
        'crane copy': round =>
          oneByOne(crane, name => ['copy', `${name}:1`, `${target('crane', round)}/s0:1`], large),
        // Not skopeo: from its second run on it mounts what it remembers to have pushed, and moves nothing.
      },
      rounds,
    );
  }
  console.log(
    `\nMedians of ${ROUNDS}, Node ${process.version}, ${cpus().length} CPUs (${cpus()[0]?.model.trim()}).`,
  );
} finally {
  await Promise.all(testbeds.map(testbed => testbed.stop()));
  rmSync(directory, { recursive: true, force: true });
}
