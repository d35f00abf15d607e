import { defined, quote, SlipwayError } from '@slipway/core';
import { CODE } from './code/code.ts';
import { COMPOSE } from './compose/compose.ts';
import { OTHER_WORKFLOWS } from './deployers/other-workflows.ts';
import { DOCKERFILES } from './dockerfiles/dockerfiles.ts';
import type { StarterErrorCode } from './error-codes.ts';
import { type Fix, type Fixes, fixesFor } from './fixes/fixes.ts';
import { type Rendered, withImages } from './images/with-images.ts';
import { LINKS } from './links/link-remarks.ts';
import { literalRemarks } from './literals/literal-remarks.ts';
import { refuseTakenFolders } from './look/own-folders.ts';
import { MANIFESTS } from './manifests/manifests.ts';
import { nameFrom } from './names/names.ts';
import {
  type Contribution,
  NOTHING,
  type ProposedFile,
  type ProposedFormation,
  type Question,
  type Remark,
  together,
} from './proposal/contribution.ts';
import type { Answers, Facts, Part } from './proposal/facts.ts';
import { type Guess, guessesIn } from './proposal/guesses.ts';
import { applicationYaml } from './written/application-yaml.ts';
import { formationYaml } from './written/formation-yaml.ts';
import { fileIn, formationIn, serviceIn } from './written/in-home.ts';
import { answeredRegistry, type ProposedRegistry, registryFor, registryProblem } from './written/registry.ts';

/** In this order, since code becomes stencils only where nothing is deployed yet. */
const PARTS: readonly Part[] = [MANIFESTS, COMPOSE, DOCKERFILES, CODE, OTHER_WORKFLOWS, LINKS];

/** What the caller knows about the repository beside its files. */
export interface Repository {
  /** The name of its folder. */
  readonly folder: string;
  /** The address of its remote, if there is one. */
  readonly origin?: string;
}

/** What a repository lacks, before or after its manifests were rendered. */
export interface Proposal {
  readonly name: string;
  readonly files: readonly ProposedFile[];
  /** Files that exist and are edited, if that is asked for. */
  readonly edits: readonly Fix[];
  readonly guesses: readonly Guess[];
  readonly remarks: readonly Remark[];
  readonly questions: readonly Question[];
}

/** What all parts propose for an application. */
export async function contributionsFor(facts: Facts): Promise<Contribution> {
  if (facts.home === undefined) await refuseTakenFolders(facts.files);
  let soFar = NOTHING;
  for (const part of PARTS) soFar = together(soFar, await part(facts, soFar));
  refuseTwins(soFar);
  return soFar;
}

/** The name of an application: the answer, or the name of its folder. */
export function applicationName({ folder }: Repository, answers: Answers): string {
  return nameFrom(answers['name'] ?? folder) ?? 'app';
}

/** A contribution with what its manifests render. */
export interface Look {
  readonly contribution: Contribution;
  /** By formation; empty before anything is rendered. */
  readonly rendered: Rendered;
  readonly facts: Facts;
  readonly repository: Repository;
  /** What positions have before the paths of the files, such as `apps/shop/`. */
  readonly prefix?: string;
}

/**
 * The files of a contribution.
 * @param shape what becomes of the formations, once their images are known
 * @throws SlipwayError `nothing-found` where there is nothing to deploy
 */
export async function proposalOf(look: Look, shape: Shape = asTheyAre): Promise<Proposal> {
  const { contribution, rendered, facts, repository } = look;
  const { name, answers } = facts;
  const whole = withImages(contribution, rendered, name);
  const { services, byImage } = whole;
  if (whole.formations.length === 0 || (services.length === 0 && rendered.size > 0))
    throw nothingFound(whole.remarks);
  const { formations, edits, remarks: unfixed } = await shape(whole.formations, byImage);
  const likely = registryFor(name, { services, byImage }, repository.origin);
  const { registry, guess } = answeredRegistry(likely, answers['registry']);
  const { home = '' } = facts;
  const files = [
    {
      path: 'slipway.yaml',
      text: applicationYaml({
        name,
        registry,
        ...defined({ guess }),
        services: services.map(serviceIn(home)),
      }),
      about: 'what is built, and where images go',
    },
    ...formations.map(formationIn(home)).map(fileOf),
    ...whole.files,
  ].map(fileIn(home));
  const own = new Set(files.map(({ path }) => `${look.prefix ?? ''}${path}`));
  const theirs = [...rendered.values()].flat().filter(({ positionAt }) => !own.has(positionAt('').path));
  const remarks = [...unfixed, ...whole.remarks, ...theirs.flatMap(literalRemarks)];
  const guesses = guessesIn(files);
  const questions = [...whole.questions, whichRegistry(likely)];
  return { name, files, edits, guesses, remarks: distinct(remarks), questions };
}

/** What becomes of formations, with the edits of files that it needs. */
export type Shape = (
  formations: readonly ProposedFormation[],
  byImage: ReadonlyMap<string, string>,
) => Promise<Fixes>;

const asTheyAre: Shape = formations => Promise.resolve({ formations, edits: [], remarks: [] });

/** The manifests as stencils where they are. */
export function fixing({ rendered, facts, prefix = '' }: Look): Shape {
  return (formations, byImage) => fixesFor(formations, rendered, byImage, facts.files, prefix);
}

function fileOf(formation: ProposedFormation): ProposedFile {
  return {
    path: `formations/${formation.name}.yaml`,
    text: formationYaml(formation),
    about: `what goes to the namespace ${formation.namespace}`,
  };
}

function whichRegistry({ registry }: ProposedRegistry): Question {
  return {
    id: 'registry',
    text: 'Where do images go?',
    choices: [registry],
    isOpen: true,
    check: registryProblem,
  };
}

function distinct(remarks: readonly Remark[]): Remark[] {
  return [...new Map(remarks.map(remark => [JSON.stringify([remark.at, remark.message]), remark])).values()];
}

/** With what was left out, as it may be all that there is. */
function nothingFound(remarks: readonly Remark[]): SlipwayError<StarterErrorCode> {
  const left = remarks.filter(({ kind }) => kind === 'template' || kind === 'unread');
  return new SlipwayError<StarterErrorCode>([
    {
      code: 'nothing-found',
      message: 'the folder has no manifests, no chart and no code that is known',
      remedy: 'call slipway init where they are, or write slipway.yaml by hand (docs/adopting.md)',
    },
    ...left.map(({ at, message, remedy }) => ({
      code: 'nothing-found' as const,
      message,
      ...(at === undefined ? {} : { at }),
      ...(remedy === undefined ? {} : { remedy }),
    })),
  ]);
}

/** @throws SlipwayError `service-twice` */
function refuseTwins({ services }: Contribution): void {
  const twin = services.find(({ name }, index) => services.findIndex(other => other.name === name) !== index);
  if (twin === undefined) return;
  const folders = services
    .filter(({ name }) => name === twin.name)
    .map(({ service }) => quote(service.build?.context ?? service.image ?? ''));
  throw new SlipwayError<StarterErrorCode>({
    code: 'service-twice',
    message: `${folders.join(' and ')} would both be the service ${quote(twin.name)}`,
    remedy: 'rename one of the folders, or call slipway init in each',
  });
}
