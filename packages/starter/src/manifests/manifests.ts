import { quote, SlipwayError } from '@slipway/core';
import { isComposeFile } from '../compose/read/read-file.ts';
import type { StarterErrorCode } from '../error-codes.ts';
import { isProduction, stageOf } from '../names/names.ts';
import {
  type Contribution,
  NOTHING,
  type ProposedFormation,
  type Question,
  type Remark,
} from '../proposal/contribution.ts';
import type { Facts, Part } from '../proposal/facts.ts';
import type { Candidate, Environment } from './candidate.ts';
import { chartCandidates, libraryRemarks } from './charts.ts';
import { kustomizeCandidate } from './kustomize.ts';
import { namespaceIn } from './namespace.ts';
import { answeredNamespace, whichNamespace } from './namespace-question.ts';
import { plainCandidate } from './plain.ts';
import { type Shapes, shapesOf } from './shapes.ts';

/** Charts need it, as their output must not depend on the version of Helm. */
const KUBERNETES = '1.34';

/** Sources and formations for the manifests, charts and Kustomize directories that a repository has. */
export const MANIFESTS: Part = async facts => {
  const shapes = await shapesOf(facts.files);
  const plain = await plainCandidate(shapes, facts.files);
  const found = [
    await kustomizeCandidate(shapes, facts.files),
    plain.environments.length === 0 ? undefined : plain,
    ...chartCandidates(shapes, facts.files, facts.name),
  ].filter(candidate => candidate !== undefined);
  const [first, ...others] = found;
  const compose = shapes.compose
    .filter(path => first !== undefined || !isComposeFile(path, facts.files))
    .map(composeRemark);
  const left = [...libraryRemarks(shapes), ...ignoredRemarks(shapes)];
  if (first === undefined) return { ...NOTHING, remarks: [...plain.remarks, ...left, ...compose] };
  const labels = [first.label, ...others.map(({ label }) => label)] as const;
  const chosen = found.find(({ label }) => label === facts.answers['manifests']) ?? first;
  const unread = found.filter(candidate => candidate !== chosen).map(notTaken);
  const contribution = await contributionOf(chosen, facts);
  return {
    ...contribution,
    remarks: [...contribution.remarks, ...unread, ...left, ...compose],
    questions: [...(others.length === 0 ? [] : [whichOne(labels)]), ...contribution.questions],
  };
};

async function contributionOf({ environments, remarks }: Candidate, facts: Facts): Promise<Contribution> {
  const isUnnamed = environments.every(({ name }) => name === undefined);
  const formations: ProposedFormation[] = [];
  for (const environment of environments) formations.push(await formationOf(environment, facts));
  refuseTwins(environments, formations);
  const questions = [...(isUnnamed ? [whichFormation()] : []), ...whichNamespace(formations)];
  const settled = answeredNamespace(formations, facts.answers);
  const ordered = settled.toSorted((a, b) => (stageOf(a.name) ?? 0) - (stageOf(b.name) ?? 0));
  return {
    ...NOTHING,
    formations: ordered.map((formation, index) => promoted(formation, ordered[index - 1])),
    remarks,
    questions,
  };
}

/**
 * Two formations of one name would be one file.
 * @throws SlipwayError `formation-twice` with what both are made of
 */
function refuseTwins(environments: readonly Environment[], formations: readonly ProposedFormation[]): void {
  const names = formations.map(({ name }) => name);
  const twin = names.find((name, index) => names.indexOf(name) !== index);
  if (twin === undefined) return;
  const origins = environments.filter((_, index) => names[index] === twin).map(({ from }) => quote(from));
  throw new SlipwayError<StarterErrorCode>({
    code: 'formation-twice',
    message: `${origins.join(' and ')} would both be the formation ${quote(twin)}`,
    remedy: 'rename or remove one of them, or call slipway init in the folder of each application',
  });
}

async function formationOf(
  { name, sources, isChart }: Environment,
  { files, answers, name: application }: Facts,
): Promise<ProposedFormation> {
  const formation = name ?? answers['formation'] ?? 'staging';
  const found = await namespaceIn(sources, files);
  const likely = name === undefined ? application : `${application}-${name}`;
  return {
    name: formation,
    namespace: found ?? likely,
    ...(found === undefined ? { guess: 'no manifest names a namespace' } : {}),
    ...(isChart === true ? { kubernetes: KUBERNETES } : {}),
    sources,
  };
}

/** Nothing gets into production that has not passed where it is tried. */
function promoted(formation: ProposedFormation, before: ProposedFormation | undefined): ProposedFormation {
  const isLater = before !== undefined && (stageOf(before.name) ?? 9) < (stageOf(formation.name) ?? 0);
  return isLater && isProduction(formation.name) ? { ...formation, promotedFrom: before.name } : formation;
}

function whichOne(choices: readonly [string, ...string[]]): Question {
  return { id: 'manifests', text: 'What is deployed today?', choices, isOpen: false };
}

function whichFormation(): Question {
  return { id: 'formation', text: 'Where does it run?', choices: ['staging', 'production'], isOpen: false };
}

function notTaken({ label }: Candidate): Remark {
  return {
    kind: 'unread',
    message: `${quote(label)} is not read, as the repository is deployed in several ways`,
    remedy: 'answer the question "manifests" with it, or add it to the sources of a formation',
  };
}

/** A job that rendered them would not find them. */
function ignoredRemarks({ ignored }: Shapes): Remark[] {
  return [...ignored].map(([entry, path]) => ({
    kind: 'unread',
    at: { path, line: 1, column: 1 },
    message: `${quote(entry)} is ignored by Git, so no job has it, and it is left out`,
    remedy: 'if it is deployed, take it out of .gitignore, commit it, and call slipway init again',
  }));
}

function composeRemark(path: string): Remark {
  return {
    kind: 'unread',
    at: { path, line: 1, column: 1 },
    message: 'the compose file is not read, as manifests or another compose file say what is deployed',
  };
}
