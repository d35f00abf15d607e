import { readFileSync } from 'node:fs';
import { parseReport, parseSnapshot, parseVerdict } from '@slipway/core';
import type { StepResult } from '@slipway/testbed/runner';
import type { Observer, StepName } from './workflows.ts';

const NAME_WIDTH = 16;
const LINE_WIDTH = 96;
/** What is shown of a log when a step fails that should not have. */
const SHOWN_LINES = 25;

export type Print = (text: string) => void;

/** Tells what each step did, in the few lines that a person wants to see. */
export function createNarrator(print: Print): Observer {
  return {
    begins: (step, where) => print(`  ${step.padEnd(NAME_WIDTH)}${where === '' ? '' : `${where}  `}`),
    ends(step, where, result) {
      const seconds = `${(result.milliseconds / 1000).toFixed(1)} s`;
      const used = 2 + NAME_WIDTH + (where === '' ? 0 : where.length + 2);
      print(`${seconds.padStart(Math.max(LINE_WIDTH - used, 8))}\n`);
      for (const line of describe(step, result).flatMap(wrap)) print(`  ${''.padEnd(NAME_WIDTH)}${line}\n`);
    },
  };
}

function describe(step: StepName, result: StepResult): string[] {
  // A verdict tells more than a log, where there is one; the log follows in the error that ends the demo.
  if (result.exitCode !== 0 && !result.outputs['report']) return ['failed'];
  return lines[step](result.outputs, result.log);
}

/** Breaks a long line at its spaces; what follows is indented as its beginning is. */
function wrap(line: string): string[] {
  const indent = /^ */.exec(line)?.[0] ?? '';
  const wrapped: string[] = [];
  for (const word of line.trim().split(' ')) {
    const last = wrapped.at(-1);
    if (last !== undefined && last.length + word.length < LINE_WIDTH - NAME_WIDTH)
      wrapped[wrapped.length - 1] = `${last} ${word}`;
    else wrapped.push(`${indent}${word}`);
  }
  return wrapped;
}

type Outputs = StepResult['outputs'];

const lines: Readonly<Record<StepName, (outputs: Outputs, log: string) => string[]>> = {
  'build-retag': ({ snapshot = '' }) => {
    const { deploymentTag, images } = parseSnapshot(readFileSync(snapshot, 'utf8'), snapshot);
    const rows = Object.entries(images).map(
      ([service, { origin, digest }]) => `${service.padEnd(8)}${origin.padEnd(10)}${digest.slice(0, 19)}…`,
    );
    return [`deployment tag ${deploymentTag}`, ...rows];
  },
  'render-stencil': ({ digest = '', waves = '[]' }) => {
    const order = (JSON.parse(waves) as { destination: string }[][])
      .map(wave => wave.map(({ destination }) => destination).join(' and '))
      .join(', then ');
    return [`${digest.slice(0, 19)}… for ${order}; secrets sealed`];
  },
  'policy-check': ({ report = '' }) =>
    report.split('\n').map(path => {
      const { verdict, counts } = parseReport(readFileSync(path, 'utf8'), path);
      const target = path.split('/').slice(-3, -1).join('/');
      return `${target}: ${verdict}, ${counts.objects} objects, ${counts.errors} errors, ${counts.warnings} warnings`;
    }),
  deploy: ({ release = '', changes = '' }) => [`release ${release}: ${changes} objects written`],
  'verify-rollout': ({ report = '' }, log) => {
    const { summary, objects } = parseVerdict(readFileSync(report, 'utf8'), report);
    // The way from the object to the failing container; the summary of the step has the logs and events too.
    const evidence = objects
      .filter(({ status }) => status === 'failed')
      .flatMap(({ evidence: [chain] = [] }) =>
        chain === undefined ? [] : [chain.title, ...chain.lines.map(line => `  ${line}`)],
      );
    return [...sharesIn(log), summary, ...evidence.slice(0, SHOWN_LINES)];
  },
};

/** `▁▂ 25 % of the new connections`: the share of each step of a release that has them. */
function sharesIn(log: string): string[] {
  return log.split('\n').filter(line => /^[▁▂▃▄▅▆▇█]+ \d/.test(line));
}

/** How to look around in what is still running. */
export function farewell(kubectl: string, kubeconfig: string, registry: string, stop: string): string {
  return [
    'Everything is still running:',
    `  export KUBECONFIG=${kubeconfig}`,
    `  ${kubectl} get pods,jobs,secrets --namespace shop-staging      (also shop-eu, shop-us)`,
    `  curl http://${registry}/v2/acme/shop/snapshots/tags/list`,
    `Stop it with: ${stop}`,
    '',
  ].join('\n');
}
