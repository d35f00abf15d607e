/**
 * render-stencil beside `helm template` and `kubectl kustomize` on 1,000 stencils of five objects, and how its time and memory grow up to
 * 10,000 objects. bench/results/ keeps the tables. `--without-kustomize` leaves out what takes most of the time.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { toolPath } from '@slipway/testbed';
import { createJob, runStep } from '@slipway/testbed/runner';
import { type ManyStencils, OBJECTS_PER_STENCIL, writeManyStencils } from './many-stencils.ts';
import { type Measurement, median, runProgram } from './stopwatch.ts';

const ROUNDS = 7;
const STENCILS = 1000;
/** Objects for which the growth is measured. */
const SIZES = [1000, 2000, 5000, 10_000];
const ACTION = resolve(import.meta.dirname, '../actions/render-stencil');
const PEAK_SCRIPT = resolve(import.meta.dirname, 'peak-memory.cjs');

const directory = mkdtempSync(join(tmpdir(), 'slipway-bench-'));
let outputs = 0;
let sourceMapBytes = 0;

/** The whole step: Node, the bundle, all files read, rendered and written. */
async function renderStencil({ workspace }: ManyStencils): Promise<Measurement> {
  const own = mkdtempSync(join(directory, 'run-'));
  const peak = join(own, 'peak');
  const job = createJob({
    workspace,
    directory: own,
    path: process.env['PATH'] ?? '',
    environment: { NODE_OPTIONS: `--require=${PEAK_SCRIPT}`, BENCH_PEAK_FILE: peak },
  });
  const result = await runStep(job, { action: ACTION, inputs: {} });
  if (result.exitCode !== 0) throw new Error(result.log);
  sourceMapBytes = statSync(join(result.outputs['manifests'] ?? '', 'production/eu/source-map.json')).size;
  const megabytes = Number(readFileSync(peak, 'utf8')) / 1024;
  rmSync(own, { recursive: true });
  return { milliseconds: result.milliseconds, megabytes };
}

async function helmTemplate({ chart }: ManyStencils, ...more: readonly string[]): Promise<Measurement> {
  return await runProgram(helm, ['template', 'many', chart, ...more]);
}

async function helmWithFiles(many: ManyStencils): Promise<Measurement> {
  const output = join(directory, `helm-${outputs++}`);
  mkdirSync(output);
  const measured = await helmTemplate(many, '--output-dir', output);
  rmSync(output, { recursive: true });
  return measured;
}

/** Round by round, so that a busy moment of the machine falls on all alike; the first round does not count. */
async function compare(
  contestants: Readonly<Record<string, () => Promise<Measurement>>>,
  rounds: number,
): Promise<Map<string, Measurement>> {
  const all = new Map(Object.keys(contestants).map(name => [name, [] as Measurement[]]));
  for (let round = 0; round <= rounds; round++)
    for (const [name, run] of Object.entries(contestants)) {
      const measured = await run();
      if (round > 0) all.get(name)?.push(measured);
    }
  return new Map(
    [...all].map(([name, measured]) => [
      name,
      {
        milliseconds: median(measured.map(({ milliseconds }) => milliseconds)),
        megabytes: Math.max(...measured.map(({ megabytes }) => megabytes)),
      },
    ]),
  );
}

function row(...cells: readonly (string | number)[]): void {
  console.log(`| ${cells.join(' | ')} |`);
}

const helm = await toolPath('helm');
const kubectl = await toolPath('kubectl');
try {
  const many = writeManyStencils(join(directory, 'many'), STENCILS);
  const results = await compare(
    {
      'render-stencil': () => renderStencil(many),
      'helm template': () => helmTemplate(many),
      'helm template --output-dir': () => helmWithFiles(many),
    },
    ROUNDS,
  );
  if (!process.argv.includes('--without-kustomize')) {
    const kustomize = async (folder: string) => await runProgram(kubectl, ['kustomize', folder]);
    results.set('kubectl kustomize, a namespace', await kustomize(many.kustomization));
    results.set('kubectl kustomize, a namespace, an image and a label', await kustomize(many.overlay));
  }
  const own = results.get('render-stencil')?.milliseconds ?? Number.NaN;
  console.log('| program | ms | times render-stencil | most memory, MB |\n|---|---|---|---|');
  for (const [name, { milliseconds, megabytes }] of results)
    row(name, milliseconds.toFixed(0), (milliseconds / own).toFixed(2), megabytes.toFixed(0));
  const manifests = STENCILS * statSync(join(many.workspace, 'stencils/app-0.yaml')).size;
  console.log(
    `\nsource-map.json: ${(sourceMapBytes / 1e6).toFixed(2)} MB for ${(manifests / 1e6).toFixed(2)} MB of stencils.\n`,
  );

  const sizes = SIZES.map(objects => ({
    objects,
    many: writeManyStencils(join(directory, `size-${objects}`), objects / OBJECTS_PER_STENCIL),
  }));
  const growth = await compare(
    Object.fromEntries(sizes.map(({ objects, many }) => [objects, () => renderStencil(many)])),
    ROUNDS,
  );
  console.log('| objects | ms | µs an object | most memory, MB |\n|---|---|---|---|');
  for (const [objects, { milliseconds, megabytes }] of growth)
    row(
      objects,
      milliseconds.toFixed(0),
      ((milliseconds / Number(objects)) * 1000).toFixed(0),
      megabytes.toFixed(0),
    );
  console.log(
    `\nMedians of ${ROUNDS}, Node ${process.version}, ${cpus().length} CPUs (${cpus()[0]?.model.trim()}), load ${loadavg()[0]?.toFixed(1)}.`,
  );
} finally {
  rmSync(directory, { recursive: true, force: true });
}
