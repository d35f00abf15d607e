import { type FinalInstruction, parseFinalInstructions } from '@slipway/build';
import type { RepositoryFiles } from '../look/repository-files.ts';
import type { ProposedService } from '../proposal/contribution.ts';
import { type ExistingUser, existingUser } from './existing-user.ts';
import { guessed, type Known, known } from './facts/known.ts';
import type { Program, ProgramFacts } from './facts/program-facts.ts';

const UNKNOWN_USER = 65534;

/** The image of a Dockerfile that exists. */
export interface ExistingImage {
  readonly program: Program;
  readonly given: ExistingUser;
}

/** A service whose Dockerfile exists, as a program: what its last stage says, and what its source says beside that. */
export async function existingImage(
  { service }: ProposedService,
  files: RepositoryFiles,
  source: Program | undefined,
): Promise<ExistingImage> {
  const { context = '.', dockerfile = 'Dockerfile' } = service.build ?? {};
  const path = [...context.split('/').filter(part => part !== '.' && part !== ''), dockerfile].join('/');
  const instructions = parseFinalInstructions((await files.readText(path)) ?? '') ?? [];
  const facts: ProgramFacts = {
    ...(source?.facts ?? { language: 'static', build: [], dependencies: [] }),
    ...portOf(instructions, source),
  };
  const given = existingUser(instructions, path);
  const program: Program = {
    facts,
    dockerfile: '',
    user: given.user.id ?? UNKNOWN_USER,
    writes: source?.writes ?? ['/tmp'],
    ...(source?.keeps && { keeps: source.keeps }),
    ignored: [],
    secrets: source?.secrets ?? [],
    memory: source?.memory ?? [64, 256],
  };
  return { program, given };
}

/** `EXPOSE 8000`, else what the source says. */
function portOf(
  instructions: readonly FinalInstruction[],
  source: Program | undefined,
): { port?: Known<number> } {
  const exposed = instructions
    .filter(({ name }) => name === 'expose')
    .flatMap(({ args }) => args)
    .find(port => /^\d{1,5}(?:\/tcp)?$/.test(port));
  if (exposed !== undefined) return { port: known(Number.parseInt(exposed, 10)) };
  const port = source?.facts.port;
  return port === undefined
    ? {}
    : { port: guessed(port.value, 'the Dockerfile has no EXPOSE, and the framework listens there') };
}
