import { mkdirSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pushProgram, startTestbed, toolPath } from '@slipway/testbed';
import { copyActions } from '@slipway/testbed/runner';
import { connect } from '@slipway/testkit/cluster';
import { playRelease, type Stage } from './release-traffic/play.ts';
import { ENDINGS, type Ending, PLAYS, type Play } from './release-traffic/plays.ts';
import type { Seen } from './release-traffic/seen.ts';
import { CLIENTS } from './selector-traffic/figures.ts';
import { startClientNetwork } from './selector-traffic/network.ts';

// What users notice of whole releases by the bundles of deploy and verify-rollout: kube-proxy beside the testbed's real node, and clients
// with three kinds of connections, which never retry.
//   node_modules/.bin/node --conditions=slipway-source bench/release-traffic.ts [part of a release's name] …

const OUTPUT = join(tmpdir(), 'slipway-release-traffic');
const ROUNDS = Number(process.env['RELEASE_TRAFFIC_ROUNDS'] ?? 2);
const parts = process.argv.slice(2);
const plays = PLAYS.filter(({ name }) => parts.length === 0 || parts.some(part => name.includes(part)));

function row(name: string, { requests, failed, afterCrash, seconds }: Seen): string {
  const cells = [
    ...CLIENTS.map(client => `${failed[client]} of ${requests[client]}`),
    ...(['connection', 'request'] as const).map(what =>
      afterCrash.length === 0 ? '–' : afterCrash.map(one => `${one[what].toFixed(1)} s`).join(', '),
    ),
    `${seconds.toFixed(0)} s`,
  ];
  return `| ${name} | ${cells.join(' | ')} |`;
}

interface Played {
  readonly row: string;
  readonly failures: readonly string[];
}

async function playOne(play: Play, ending: Ending, round: number, stage: Stage): Promise<Played> {
  const name = `${play.name}, ${ending.name}, ${round}`;
  const namespace = `traffic-${PLAYS.indexOf(play)}-${ending.preStop}-${round}`;
  const seen = await playRelease(play, ending, namespace, stage).catch(error => String(error));
  const isBroken = typeof seen === 'string';
  if (isBroken) process.exitCode = 1;
  const played = {
    row: isBroken ? `| ${name} | failed |` : row(name, seen),
    failures: (isBroken ? [seen] : seen.when).map(what => `- ${name}: ${what}`),
  };
  console.error([played.row, ...played.failures].join('\n'));
  return played;
}

async function playAll(stage: Stage): Promise<void> {
  const all: Played[] = [];
  for (const play of plays)
    for (const ending of ENDINGS)
      for (let round = 1; round <= ROUNDS; round++) all.push(await playOne(play, ending, round, stage));
  console.log(`${new Date().toISOString().slice(0, 10)}, load ${loadavg()[2]?.toFixed(1)}\n`);
  console.log(
    '| release | failed: new | pooled | slow | from each crash to the last new connection | to the last request | took |',
  );
  const rows = all.map(one => one.row).join('\n');
  console.log(`|---|---:|---:|---:|---|---|---:|\n${rows}\n\n${all.flatMap(one => one.failures).join('\n')}`);
}

mkdirSync(OUTPUT, { recursive: true });
copyActions(resolve(import.meta.dirname, '..'), OUTPUT);
const testbed = await startTestbed({ parts: ['cluster', 'registry', 'node'], nodes: 1 });
try {
  const { cluster, registry } = testbed;
  if (cluster === undefined || registry === undefined) throw new Error('the testbed lacks its cluster');
  const { kubeconfig } = cluster;
  const traffic = await toolPath('traffic');
  const { name: image } = await pushProgram(registry, 'testbed/traffic', traffic);
  const network = await startClientNetwork(cluster, OUTPUT);
  const client = await connect(kubeconfig);
  try {
    const folders = { actions: join(OUTPUT, 'actions'), directory: OUTPUT };
    await playAll({ client, kubeconfig, network, traffic, image, ...folders });
  } finally {
    client.close();
    await network.close();
  }
} finally {
  await testbed.stop();
}
