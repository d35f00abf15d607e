import { join } from 'node:path';
import type { Plan } from '@slipway/core';
import { planTrees } from '@slipway/release';
import { readManifests } from '@slipway/render';
import { planMarkdown, summaryPage } from '@slipway/report';
import { createJob, runStep } from '@slipway/testbed/runner';
import { scratch, write } from '@slipway/testkit/git';
import { type Edits, edited } from '@slipway/testkit/pull-requests';
import { ROOT } from '../sources.ts';
import { SHOP } from './golden-comment.ts';

/** The summary of a plan from the example to the example with these edits, for production in one region. */
export async function planOfShop(edits: Edits): Promise<string> {
  const [before, after] = [await renderedShop({}), await renderedShop(edits)];
  const identity = {
    ...{ application: 'shop', formation: 'production', destination: 'eu', namespace: 'shop-eu' },
    repository: 'acme/shop',
  };
  return shown(planTrees({ identity, deploymentTag: '20261129-101500-4f2a9c1-118-1', before, after }));
}

async function renderedShop(edits: Edits) {
  const { outputs, workspace } = await render(edits, { formation: 'production', destination: 'eu' });
  return (await readManifests([`${outputs['manifests']}/production/eu/manifests`], workspace)).objects;
}

/** The summary of the action that renders the example. */
export async function renderingOfShop(): Promise<string> {
  return (await render({}, {})).summary;
}

async function render(edits: Edits, inputs: Readonly<Record<string, string>>) {
  const workspace = scratch();
  write(workspace, { ...SHOP, ...edited(SHOP, edits) });
  const job = createJob({ workspace, directory: scratch(), path: '/usr/bin:/bin' });
  const step = await runStep(job, { action: join(ROOT, 'actions/render-stencil'), inputs });
  if (step.exitCode !== 0) throw new Error(step.log);
  return { ...step, workspace };
}

/** A plan of many objects, in whose names and values someone wrote Markdown. */
export function largePlan(words: string): string {
  const changes = Array.from({ length: 300 }, (_, index) => ({
    object: { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop', name: `${longName(index)}` },
    action: 'change' as const,
    note: words,
    fields: Array.from({ length: 60 }, (__, field) => ({
      pointer: `/data/${words.replaceAll('/', '~1')}-${field}`,
      before: words,
      after: `${words}\n\`\`\`\n# no heading`,
    })),
  }));
  return shown({
    ...{ apiVersion: 'slipway.dev/v1', kind: 'Plan', application: 'shop', formation: 'production' },
    ...{ destination: 'eu', namespace: 'shop', method: 'dry-run', limits: [words], changes },
  });
}

/** As long as Kubernetes lets a name be. */
function longName(index: number): string {
  return `n${index}.${'a'.repeat(60)}.${'b-'.repeat(60)}${'c'.repeat(60)}`.slice(0, 253);
}

/** As the action deploy writes it. */
function shown(plan: Plan): string {
  const { application, formation, destination, namespace } = plan;
  const heading = `Deploy ${application}/${formation} at ${destination}, namespace ${namespace}`;
  return summaryPage([planMarkdown(plan, heading)]);
}
