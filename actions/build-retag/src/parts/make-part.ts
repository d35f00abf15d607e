import { randomUUID } from 'node:crypto';
import type { BuildSecrets } from '@slipway/build';
import { API_VERSION, defined, imageReference, type Part, quote, SlipwayError } from '@slipway/core';
import type { RunContext } from '@slipway/github';
import { type PartName, pushPart, readPart } from '@slipway/registry';
import { findBuilderFor } from '../build/build-services.ts';
import { type PreparedImage, prepareImages } from '../build/prepare-images.ts';
import type { BuildRetagErrorCode } from '../error-codes.ts';
import type { Plan } from '../plan/plan.ts';
import type { Session } from '../session.ts';
import { createForesight, readPassedSnapshots } from '../snapshots/reuse.ts';
import { partSummary } from '../tell/summary.ts';
import { viewOfPart } from './view-of-part.ts';

export interface PartWork extends Session {
  readonly plan: Plan;
  readonly secrets: BuildSecrets;
  readonly revision: string | undefined;
}

/** The run and attempt that a part is of. */
export function runOf({ runId, runAttempt }: RunContext): Pick<Part, 'run' | 'attempt'> {
  return { run: runId || '0', attempt: runAttempt || '1' };
}

/**
 * Builds the images of a part and pushes them by digest; they get no tag. That it began is noted first, so that what an earlier attempt of
 * the run built is not taken for what this one did not finish.
 * @throws SlipwayError `part-taken` if another job of this attempt builds a part of this name; with every problem of every image
 */
export async function makePart(part: string, work: PartWork): Promise<void> {
  const { plan, inputs, runner, client } = work;
  const begun = await begin(part, work);
  const passed = readPassedSnapshots(work);
  // Awaited once images are at hand: what is unexpected must not count as unhandled until then.
  passed.catch(() => {});
  const built = new Set(plan.builds.map(({ service }) => service));
  const foresee = createForesight(work, passed, viewOfPart(built, work));
  const builder = await findBuilderFor(plan, inputs.builder, runner);
  const { plainHttpRegistries } = inputs;
  const all = await prepareImages(plan, { ...work, plainHttpRegistries, builder, foresee });
  const images = all.filter(({ service }) => built.has(service));
  const others = all.filter(({ service }) => !built.has(service));
  await refuseTaken(begun, work);
  await pushPart(client, {
    ...begun,
    images: Object.fromEntries(images.map(image => [image.service, partImage(image)])),
    startsFrom: Object.fromEntries(others.map(({ service, image }) => [service, image.digest])),
  });
  const references = images.map(({ service, image }) => [service, imageReference(image)] as const);
  runner.setOutput('images', JSON.stringify(Object.fromEntries(references)));
  for (const [service, image] of references) runner.logger.info(`${service}: ${image}`);
  runner.addSummary(partSummary(begun, images));
}

async function begin(part: string, { runner, client, home, inputs, revision }: PartWork): Promise<Part> {
  const name = { ...home, ...runOf(runner.context), part };
  const found = await readPart(client, name);
  if (found?.attempt === name.attempt) throw taken(name);
  const begun: Part = {
    apiVersion: API_VERSION,
    kind: 'Part',
    application: home.application,
    registry: home.registry,
    part,
    ...runOf(runner.context),
    id: randomUUID(),
    ...defined({ gitRevision: revision }),
    platforms: [...inputs.platforms],
  };
  await pushPart(client, begun);
  return begun;
}

/** Two jobs may have begun at the same moment: then one of them does not find what it wrote. */
async function refuseTaken(begun: Part, { client }: PartWork): Promise<void> {
  const found = await readPart(client, begun);
  if (found?.id !== begun.id) throw taken(begun);
}

function taken({ part, run }: PartName): SlipwayError<BuildRetagErrorCode> {
  return new SlipwayError({
    code: 'part-taken',
    message: `another job builds the part ${quote(part)} in this attempt of run ${run}`,
    remedy: 'give each job a part of its own, such as the name of its platform in the matrix',
  });
}

function partImage({ image, from, milliseconds }: PreparedImage) {
  return { digest: image.digest, ...defined({ inputs: image.inputs, from }), milliseconds };
}
