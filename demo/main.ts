import { parseArgs } from 'node:util';
import type { OwnParts } from '@slipway/testbed';
import { formatElapsed, streamProgress } from '@slipway/testbed/progress';
import { farewell } from './narrator.ts';
import { type Stage, setStage } from './stage.ts';
import { tellStory } from './story.ts';

/** The name under which a testbed that was left running is found again. */
const KEPT_NAME = 'demo';

interface Options {
  readonly keep: boolean;
  readonly 'use-docker': boolean;
  readonly 'use-assets': boolean;
}

function readOptions(args: readonly string[]): Options {
  const flag = { type: 'boolean', default: false } as const;
  const options = { keep: flag, 'use-docker': flag, 'use-assets': flag };
  try {
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new Error(`${message}; ./demo.sh --help lists the options`);
  }
}

/** What of the user's own is used instead of the testbed's. */
function ownParts(options: Options): OwnParts {
  const assets = process.env['KUBEBUILDER_ASSETS'];
  if (options['use-assets'] && !assets)
    throw new Error('KUBEBUILDER_ASSETS is not set: set it, or leave --use-assets out');
  return { docker: options['use-docker'], ...(options['use-assets'] && assets ? { assets } : {}) };
}

async function main(args: readonly string[]): Promise<void> {
  const options = readOptions(args);
  const cancellation = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => cancellation.abort(new Error('stopped')));
  const started = performance.now();
  print('Slipway takes the shop (examples/shop) from Git to a verified release on a real control plane\n\n');
  const { keep } = options;
  const stage = await setStage({
    surroundings: {
      environment: process.env,
      progress: streamProgress(process.stdout),
      now: () => new Date(),
    },
    use: ownParts(options),
    ...(keep ? { name: KEPT_NAME } : {}),
    signal: cancellation.signal,
  });
  print(`  ${'testbed'.padEnd(16)}up after ${seconds(started)}: Kubernetes, a registry, BuildKit\n`);
  await perform(stage, cancellation.signal, keep, started);
}

async function perform(stage: Stage, signal: AbortSignal, keep: boolean, started: number): Promise<void> {
  let leave = false;
  try {
    await tellStory(stage, print, signal);
    print(`All of it took ${seconds(started)}.\n\n`);
    leave = keep;
  } finally {
    if (leave) await stage.testbed.detach();
    else await stage.testbed.stop();
  }
  const kubectl = stage.testbed.cluster?.kubectl ?? 'kubectl';
  if (keep)
    print(farewell(kubectl, stage.kubeconfig, stage.registry, `npm run testbed -- down --name ${KEPT_NAME}`));
  else print('To look around in the cluster and the registry afterwards: ./demo.sh --keep\n');
}

function print(text: string): void {
  process.stdout.write(text);
}

function seconds(since: number): string {
  return formatElapsed(performance.now() - since);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
