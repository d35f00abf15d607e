import { parseFinalInstructions } from '@slipway/build';
import type { RepositoryFiles } from '../look/repository-files.ts';
import type { ProposedService } from '../proposal/contribution.ts';
import { existingPort } from './existing-port.ts';
import { type ExistingUser, existingUser } from './existing-user.ts';
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
  const text = (await files.readText(path)) ?? '';
  const instructions = parseFinalInstructions(text) ?? [];
  const { port, remarks } = existingPort(instructions, text, path, source?.facts.port);
  const facts: ProgramFacts = {
    ...(source?.facts ?? { language: 'static', build: [], dependencies: [] }),
    ...(port && { port }),
  };
  const user = existingUser(instructions, path);
  const given = { ...user, remarks: [...user.remarks, ...remarks] };
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
