import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { pushProgram, startTestbed, toolPath } from '@slipway/testbed';
import { Director } from './selector-traffic/acts.ts';
import { type Outcome, perSecond, table } from './selector-traffic/figures.ts';
import { type ClientNetwork, startClientNetwork } from './selector-traffic/network.ts';
import { VARIANTS, type Variant } from './selector-traffic/objects.ts';

// What a change of a Service's selector does to users: kube-proxy and three clients that never retry, on the testbed's real node.
//   node_modules/.bin/node --conditions=slipway-source bench/selector-traffic.ts [variants, all by default]

const OUTPUT = join(tmpdir(), 'slipway-selector-traffic');

async function measure(
  variant: Variant,
  { director, network, traffic }: { director: Director; network: ClientNetwork; traffic: string },
): Promise<string> {
  const address = await director.prepare();
  const file = join(OUTPUT, `${variant.name}.jsonl`);
  const output = openSync(file, 'w');
  // The rules of the new Service reach the kernel within kube-proxy's second.
  await wait(5000);
  const load = network.start(traffic, ['load', `--address=${address}:80`], output);
  const from = Date.now();
  try {
    await wait(5000);
    await director.canary();
    await director.commit();
    await director.commitNarrowed();
    await director.switch();
  } finally {
    load.kill('SIGTERM');
    await new Promise(resolve => load.once('exit', resolve));
    closeSync(output);
  }
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  const outcomes = lines.map(line => JSON.parse(line) as Outcome);
  writeFileSync(join(OUTPUT, `${variant.name}.seconds.txt`), perSecond(outcomes, from));
  return `## ${variant.name}\n\n${table(director.acts, outcomes)}\n`;
}

const names = process.argv.slice(2);
const chosen = VARIANTS.filter(({ name }) => names.length === 0 || names.includes(name));
mkdirSync(OUTPUT, { recursive: true });
const testbed = await startTestbed({ parts: ['cluster', 'registry', 'node'], nodes: 1 });
let network: ClientNetwork | undefined;
try {
  const { cluster, registry } = testbed;
  if (cluster === undefined || registry === undefined) throw new Error('the testbed lacks its cluster');
  const traffic = await toolPath('traffic');
  const { name: image } = await pushProgram(registry, 'testbed/traffic', traffic);
  network = await startClientNetwork(cluster, OUTPUT);
  for (const variant of chosen) {
    const director = new Director(cluster, image, variant);
    console.log(await measure(variant, { director, network, traffic }));
  }
  console.log(`Load of the machine: ${loadavg()[0]?.toFixed(1)}. Requests and their seconds: ${OUTPUT}`);
} finally {
  await network?.close();
  await testbed.stop();
}
