import type { RepositoryFiles } from '../look/repository-files.ts';
import type { ProposedService } from '../proposal/contribution.ts';
import { guessed, type Known, known } from './facts/known.ts';
import type { Program, ProgramFacts } from './facts/program-facts.ts';

const USER = 65532;

/** A service whose Dockerfile exists, as a program: what its last stage says, and what its source says beside that. */
export async function existingImage(
  { service }: ProposedService,
  files: RepositoryFiles,
  source: Program | undefined,
): Promise<Program> {
  const { context = '.', dockerfile = 'Dockerfile' } = service.build ?? {};
  const path = [...context.split('/').filter(part => part !== '.' && part !== ''), dockerfile].join('/');
  const [, ...stages] = ((await files.readText(path)) ?? '').split(/^FROM\b/im);
  const last = stages.at(-1) ?? '';
  const facts: ProgramFacts = {
    ...(source?.facts ?? { language: 'static', build: [], dependencies: [] }),
    ...portOf(last, source),
  };
  return {
    facts,
    dockerfile: '',
    user: userOf(last),
    writes: source?.writes ?? ['/tmp'],
    ignored: [],
    secrets: source?.secrets ?? [],
    memory: source?.memory ?? [64, 256],
  };
}

/** `EXPOSE 8000`, else what the source says. */
function portOf(stage: string, source: Program | undefined): { port?: Known<number> } {
  const [, exposed] = /^EXPOSE\s+(\d+)/im.exec(stage) ?? [];
  if (exposed !== undefined) return { port: known(Number(exposed)) };
  const port = source?.facts.port;
  return port === undefined
    ? {}
    : { port: guessed(port.value, 'the Dockerfile has no EXPOSE, and the framework listens there') };
}

function userOf(stage: string): number {
  const numbers = [...stage.matchAll(/^USER\s+(\d+)/gim)].map(([, one]) => Number(one));
  return numbers.at(-1) || USER;
}
