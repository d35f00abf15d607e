/** Runs of build-retag on ready-made images, each beside the programs that do the same, and the requests that it sends. */
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { RunningRegistry } from '@slipway/testbed';
import { createJob, runStep } from '@slipway/testbed/runner';
import { pushRandomImage, startProxy } from '@slipway/testkit/registry';
import { type Measurement, runProgram } from './stopwatch.ts';

const ACTION = resolve(import.meta.dirname, '../actions/build-retag');
const PEAK_SCRIPT = resolve(import.meta.dirname, 'peak-memory.cjs');

/** `count` images in repositories of their own below `path`, each of layers of these sizes, under the tag `1`. */
export async function pushImages(
  registry: RunningRegistry,
  path: string,
  count: number,
  layerBytes: readonly number[],
): Promise<string[]> {
  const names: string[] = [];
  for (let index = 0; index < count; index++) {
    const repository = `${path}/s${index}`;
    await pushRandomImage(registry, repository, '1', [...layerBytes]);
    names.push(`${registry.address}/${repository}`);
  }
  return names;
}

/** One run of the bundle that gives ready-made images a tag below `target`, from the start of the process to its end. */
export async function retagAll(
  directory: string,
  sources: readonly string[],
  target: string,
  tag: string,
): Promise<Measurement> {
  const workspace = mkdtempSync(join(directory, 'workspace-'));
  const services = sources.map((name, index) => `    s${index}: {image: "${name}:1"}\n`).join('');
  writeFileSync(
    join(workspace, 'slipway.yaml'),
    `apiVersion: slipway.dev/v1\nkind: Application\nmetadata: {name: bench}\nspec:\n  registry: ${target}\n  services:\n${services}`,
  );
  const peak = join(workspace, 'peak');
  const job = createJob({
    workspace,
    directory,
    path: process.env['PATH'] ?? '',
    environment: { NODE_OPTIONS: `--require=${PEAK_SCRIPT}`, BENCH_PEAK_FILE: peak },
  });
  const result = await runStep(job, { action: ACTION, inputs: { 'deployment-tag': tag } });
  if (result.exitCode !== 0) throw new Error(result.log);
  return { milliseconds: result.milliseconds, megabytes: Number(readFileSync(peak, 'utf8')) / 1024 };
}

/** A program once for each image, one after the other, as a script would. */
export async function oneByOne(
  command: string,
  argsOf: (name: string, index: number) => readonly string[],
  sources: readonly string[],
): Promise<Measurement> {
  const started = performance.now();
  let megabytes = 0;
  for (const [index, name] of sources.entries())
    megabytes = Math.max(megabytes, (await runProgram(command, argsOf(name, index))).megabytes);
  return { milliseconds: performance.now() - started, megabytes };
}

export interface RequestCount {
  /** Requests to the images' own repositories, per image. */
  readonly perImage: number;
  /** Blobs that were downloaded. */
  readonly downloads: number;
}

/** The requests of one run, seen by a proxy before the registry. */
export async function countRequests(
  directory: string,
  registry: RunningRegistry,
  sources: readonly string[],
  targetOf: (address: string) => string,
  tag: string,
): Promise<RequestCount> {
  const proxy = await startProxy(registry.address);
  try {
    mkdirSync(directory, { recursive: true });
    const throughProxy = sources.map(name => name.replace(registry.address, proxy.address));
    await retagAll(directory, throughProxy, targetOf(proxy.address), tag);
    const ofImages = proxy.seen.filter(({ path }) => path !== '/v2/' && !path.includes('/snapshots/'));
    const downloads = ofImages.filter(({ method, path }) => method === 'GET' && path.includes('/blobs/'));
    return { perImage: ofImages.length / sources.length, downloads: downloads.length };
  } finally {
    await proxy.close();
  }
}
