import { formatElapsed, streamProgress } from '../testbed/src/build/progress.ts';
import { createNarrator, farewell } from './narrator.ts';
import { type Stage, setStage } from './stage.ts';
import { tellStory } from './story.ts';

const USAGE = './demo.sh [--keep]   --keep leaves cluster, registry and builder running at the end';
/** Under which a testbed that was left running is found again. */
const KEPT_NAME = 'demo';

async function main(args: readonly string[]): Promise<void> {
  const unknown = args.filter(argument => argument !== '--keep');
  if (unknown.length > 0) throw new Error(`unknown argument ${unknown.join(' ')}; ${USAGE}`);
  const cancellation = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => cancellation.abort(new Error('stopped')));
  const started = performance.now();
  print('Slipway takes the shop (examples/shop) from Git to a verified release on a real control plane\n\n');
  const keep = args.includes('--keep');
  const stage = await setStage({
    surroundings: {
      environment: process.env,
      progress: streamProgress(process.stdout),
      now: () => new Date(),
    },
    ...(keep ? { name: KEPT_NAME } : {}),
    signal: cancellation.signal,
  });
  print(`  ${'testbed'.padEnd(16)}up after ${seconds(started)}: Kubernetes, a registry, BuildKit\n`);
  await perform(stage, cancellation.signal, keep, started);
}

async function perform(stage: Stage, signal: AbortSignal, keep: boolean, started: number): Promise<void> {
  let leave = false;
  try {
    await tellStory(stage, { print, observer: createNarrator(print), signal });
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
