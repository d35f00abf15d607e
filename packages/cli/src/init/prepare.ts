import { canonicalJson, quote, SlipwayError } from '@slipway/core';
import {
  filesBelow,
  type RenderedAll,
  type Repository,
  readRepositoryFrom,
  renderAll,
  selectTargets,
} from '@slipway/render';
import {
  type Contribution,
  contributionsFor,
  type Facts,
  filesIn,
  fixing,
  type Proposal,
  proposalOf,
  type Rendered,
  type RepositoryFiles,
} from '@slipway/starter';
import type { WorkflowFile } from '@slipway/workflows';
import type { CliErrorCode } from '../error-codes.ts';
import type { Machine } from '../machine/machine.ts';
import { withTemporaryFolder } from '../rendering/workspace.ts';
import { refuseAnswers } from './ask-all.ts';
import { sayingNeeds } from './needed-program.ts';
import type { Place } from './place.ts';
import { withProposed } from './proposed-source.ts';
import { sayingUnwritten } from './unwritten-file.ts';
import { workflowsFor } from './workflows-for.ts';

/** All that init would write, rendered once to be sure that it can be. */
export interface Prepared {
  readonly proposal: Proposal;
  readonly workflows: readonly WorkflowFile[];
  /** Files in the place of workflows, which are named otherwise therefore. */
  readonly conflicts: Proposal['remarks'];
}

/** The facts of the application's folder. */
export function factsOf(
  files: RepositoryFiles,
  { folder, home }: Place,
  name: string,
  answers: Facts['answers'],
): Facts {
  return { files: filesIn(files, folder), home, name, answers };
}

/**
 * Renders what the parts propose, to know its images, and then the result.
 * @throws SlipwayError with all that cannot be rendered, at the lines of the repository's files
 */
export async function prepare(
  facts: Facts,
  place: Place,
  machine: Machine,
  isFixing: boolean,
): Promise<Prepared> {
  const contribution = await contributionsFor(facts);
  const repository = { folder: place.name, ...(place.origin === undefined ? {} : { origin: place.origin }) };
  const nothing = { facts, repository, rendered: new Map() };
  const draft = await proposalOf({ ...nothing, contribution: drafted(contribution) });
  refuseAnswers(facts.answers, draft.questions);
  const rendered = await renderProposed(draft, place, machine);
  const prefix = place.folder === '' ? '' : `${place.folder}/`;
  const look = { facts, repository, contribution, prefix, rendered: objectsOf(rendered.all) };
  const kept = await proposalOf(look);
  const result = await renderProposed(kept, place, machine);
  const workflows = await workflowsFor(result.repository, place);
  if (!isFixing) return { proposal: kept, ...workflows };
  const proposal = await proposalOf(look, fixing(look));
  refuseOther(result.all, (await renderProposed(proposal, place, machine)).all);
  return { proposal, ...workflows };
}

/** Edits are made only if what is deployed stays what it is. @throws SlipwayError `fixes-differ` */
function refuseOther(kept: RenderedAll, fixed: RenderedAll): void {
  const textsOf = ({ destinations }: RenderedAll): string[] =>
    destinations.flatMap(({ objects }) => objects.map(({ object }) => canonicalJson(object)));
  const same = new Set(textsOf(fixed));
  const objects = kept.destinations.flatMap(destination => destination.objects);
  const other = objects.find(({ object }) => !same.has(canonicalJson(object)));
  if (other === undefined && same.size === new Set(textsOf(kept)).size) return;
  const name =
    other === undefined ? 'an object' : `${other.object.kind} ${quote(other.object.metadata.name)}`;
  throw new SlipwayError<CliErrorCode>({
    code: 'fixes-differ',
    ...(other === undefined ? {} : { at: other.positionAt('') }),
    message: `with the fixes, ${name} would not be what it is now`,
    remedy: 'call slipway init without --apply-fixes',
  });
}

/** slipway.yaml needs a service, and which there are is known only once the manifests are rendered. */
function drafted(contribution: Contribution): Contribution {
  if (contribution.services.length > 0) return contribution;
  return { ...contribution, services: [{ name: 'draft', service: { image: 'registry.example/draft:1' } }] };
}

interface RenderedProposal {
  readonly repository: Repository;
  readonly all: RenderedAll;
}

async function renderProposed(
  { files, edits }: Proposal,
  place: Place,
  { exec, environment, ...machine }: Machine,
): Promise<RenderedProposal> {
  const { workspace } = place;
  const texts = new Map([...files, ...edits].map(({ path, text }) => [place.pathOf(path), text]));
  const source = withProposed(filesBelow(workspace), texts);
  const proposed = new Set(files.map(({ path }) => place.pathOf(path)));
  const given = { exec, environment, workspace, ...(edits.length === 0 ? {} : { files: source }) };
  const rendering = withTemporaryFolder(machine, async temporaryDirectory => {
    const repository = await readRepositoryFrom(source, place.application);
    const targets = selectTargets(repository, [], []);
    return {
      repository,
      all: await renderAll(repository, { targets, tools: { ...given, temporaryDirectory } }),
    };
  });
  return await sayingUnwritten(sayingNeeds(rendering), proposed);
}

function objectsOf({ destinations }: RenderedAll): Rendered {
  return new Map(destinations.map(({ rendered, objects }) => [rendered.formation, objects]));
}
