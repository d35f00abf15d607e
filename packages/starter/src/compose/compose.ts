import { quote } from '@slipway/core';
import { existingImage } from '../code/existing-image.ts';
import { type FoundProgram, findPrograms } from '../code/find-programs.ts';
import { imageFiles } from '../code/image-files.ts';
import {
  type Contribution,
  NOTHING,
  type ProposedFile,
  type Remark,
  together,
} from '../proposal/contribution.ts';
import type { Facts, Part } from '../proposal/facts.ts';
import { dockerfileOf, sameBuild } from './builds.ts';
import { isNamedBy, ordersOf } from './neighbours.ts';
import type { ComposeService } from './read/compose-service.ts';
import { type ComposeFile, readComposeFile } from './read/read-file.ts';
import { type ComposeWorkload, type ImageFacts, readyMadeFacts } from './write/compose-workload.ts';
import { describe } from './write/describe.ts';

/** Services, stencils and a formation for what a compose file runs, where no manifests say it. */
export const COMPOSE: Part = async (facts, soFar) => {
  if (soFar.formations.length > 0) return NOTHING;
  const file = await readComposeFile(facts.files);
  if (!('services' in file)) return { ...NOTHING, remarks: file.remarks };
  const programs = await findPrograms(facts.files);
  if (file.services.length === 0) return { ...NOTHING, remarks: file.remarks };
  if (
    !file.services.some(({ build }) => build !== undefined) &&
    (programs.length > 0 || hasDockerfile(facts))
  )
    return { ...NOTHING, remarks: [besideIt(file)] };
  return await contributionOf(file, facts, programs);
};

function hasDockerfile({ files }: Facts): boolean {
  return files.paths.some(path => /(?:^|\/)(?:Dockerfile|Containerfile)$/.test(path));
}

/** A file that builds nothing is what a developer runs beside the program. */
function besideIt({ path, services }: ComposeFile): Remark {
  return {
    kind: 'unread',
    at: { path, line: 1, column: 1 },
    message: `the compose file runs ${services.map(({ name }) => quote(name)).join(', ')} and builds nothing of this repository, so it is taken for what a developer runs beside the program, and left out`,
    remedy: 'add the program to it with "build", and call slipway init again, if it says what is deployed',
  };
}

async function contributionOf(
  file: ComposeFile,
  facts: Facts,
  programs: readonly FoundProgram[],
): Promise<Contribution> {
  const built = distinctBuilds(file.services);
  const images = new Map<string, ImageFacts>();
  for (const service of built) images.set(service.name, await builtFacts(service, facts, programs));
  const orders = ordersOf(file.services);
  const workloads = file.services.map((service): ComposeWorkload => {
    const image = images.get(built.find(one => sameBuild(one, service))?.name ?? '');
    const order = orders.get(service.name) ?? { order: 0, endsByItself: false };
    return {
      service,
      image: image === undefined ? readyMadeFacts(service) : runBy(service, image),
      ...order,
      isNamed: isNamedBy(service.name, file.services),
    };
  });
  const described = describe(workloads, facts);
  const { files, remarks } = await imageFiles(facts, missing(built, facts, programs));
  const lacking = built.filter(service => !hasFile(dockerfileOf(service), facts, files));
  return together(
    { ...NOTHING, files, remarks: [...remarks, ...lacking.map(unbuildable)] },
    { ...described, remarks: [...file.remarks, ...described.remarks] },
  );
}

/** Where so many files are there that some are not listed, nothing is known of the others. */
function hasFile(path: string, { files }: Facts, proposed: readonly ProposedFile[]): boolean {
  return files.isCut || files.has(path) || proposed.some(file => file.path === path);
}

function unbuildable(service: ComposeService): Remark {
  return {
    kind: 'conflict',
    at: service.at,
    message: `the service ${quote(service.name)} is built by ${quote(dockerfileOf(service))}, which is not a file of the repository, so its build fails`,
    remedy: 'write the file, or correct "build" in slipway.yaml',
  };
}

/** Another command than that of the image listens elsewhere, or nowhere. */
function runBy({ command, args }: ComposeService, { port, health, ...image }: ImageFacts): ImageFacts {
  const isOther = command !== undefined || args !== undefined;
  return {
    ...image,
    ...(isOther || port === undefined ? {} : { port }),
    ...(isOther || health === undefined ? {} : { health }),
  };
}

/** Services that share an image are built once, for the first of them. */
function distinctBuilds(services: readonly ComposeService[]): readonly ComposeService[] {
  const built = services.filter(({ build }) => build !== undefined);
  return built.filter((one, at) => built.findIndex(other => sameBuild(one, other)) === at);
}

async function builtFacts(
  service: ComposeService,
  { files }: Facts,
  programs: readonly FoundProgram[],
): Promise<ImageFacts> {
  const { name } = service;
  const source = programOf(service, programs)?.program;
  const isGenerated = source !== undefined && !files.has(dockerfileOf(service));
  const { program, given } = isGenerated
    ? { program: source, given: undefined }
    : await existingImage({ name, service: { build: service.build ?? { context: '.' } } }, files, source);
  const { port, health, framework } = program.facts;
  return {
    service: name,
    user: given?.user ?? { id: program.user },
    ...(port === undefined ? {} : { port: port.value }),
    ...(health === undefined ? {} : { health: health.value }),
    ...(framework === 'Django' ? { host: 'localhost' } : {}),
    writes: program.writes,
    memory: program.memory,
    secrets: program.secrets,
    variables: {},
    isGenerated,
  };
}

function programOf({ build }: ComposeService, programs: readonly FoundProgram[]): FoundProgram | undefined {
  const folder = build?.context.replace(/^\.$/, '') ?? '';
  return programs.find(program => program.folder === folder);
}

/** Programs whose Dockerfiles the file names and that do not exist yet. */
function missing(built: readonly ComposeService[], { files }: Facts, programs: readonly FoundProgram[]) {
  return built.flatMap(service => {
    const program = programOf(service, programs);
    return program === undefined || files.has(dockerfileOf(service))
      ? []
      : [{ ...program, name: service.name }];
  });
}
