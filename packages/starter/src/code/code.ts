import {
  type Contribution,
  NOTHING,
  type ProposedService,
  type Remark,
  together,
} from '../proposal/contribution.ts';
import type { Facts, Part } from '../proposal/facts.ts';
import { type BackingService, backingServicesOf } from '../services/backing-services.ts';
import { readyMade } from '../services/ready-made.ts';
import { secretConfig } from '../stencils/secret.ts';
import { existingImage } from './existing-image.ts';
import { type FoundProgram, findPrograms } from './find-programs.ts';
import { imageFiles } from './image-files.ts';
import { type NamedProgram, programStencils, secretsOf } from './program-stencils.ts';
import { secretsInCode } from './secrets-in-code.ts';
import { serviceNames } from './service-names.ts';
import { unknownPrograms } from './unknown-programs.ts';
import { unreadManifests } from './unread-manifests.ts';

/** Rule packs that the stencils pass. */
const PACKS = ['pod-security/restricted', 'workloads', 'references'];

/** Dockerfiles, services and stencils for source code. */
export const CODE: Part = async (facts, soFar) => {
  const found = await findPrograms(facts.files);
  const missing = found.filter(program => builtBy(program, soFar, found) === undefined);
  const names = serviceNames(
    facts.name,
    missing.map(({ folder }) => folder),
    soFar.services.map(({ name }) => name),
  );
  const programs = missing.map(
    (program, at): NamedProgram => ({ ...program, name: names[at] ?? facts.name }),
  );
  const unread = await unreadManifests(facts.files);
  const unknown = await unknownPrograms(facts.files, found, soFar.services);
  const images = together(await imageFiles(facts, programs), {
    ...NOTHING,
    remarks: [
      ...unread,
      ...unknown.filter(({ at }) => !unread.some(one => one.at?.path === at?.path)),
      ...(await secretsInCode(facts.files)),
    ],
  });
  if (soFar.formations.length > 0) return images;
  const all = [...(await withDockerfiles(facts, soFar, found)), ...programs];
  if (all.length === 0) return images;
  const remarks = all.flatMap(({ given }) => given?.remarks ?? []);
  return together(together(images, { ...NOTHING, remarks }), stencils(facts, all));
};

/**
 * The service that is built in the program's folder, or in one above it with all that is there; or by a Dockerfile in a folder without
 * a program, such as docker/, from the program's folder.
 */
function builtBy(
  { folder }: FoundProgram,
  { services }: Contribution,
  found: readonly FoundProgram[],
): ProposedService | undefined {
  return services.find(({ service: { build } }) => {
    if (build === undefined) return false;
    const context = contextOf(build.context);
    const own = build.dockerfile?.split('/').slice(0, -1).join('/') ?? '';
    const root = [context, own].filter(part => part !== '').join('/');
    if (root === '' || folder === root || folder.startsWith(`${root}/`)) return true;
    return folder === context && !found.some(one => one.folder === root || one.folder.startsWith(`${root}/`));
  });
}

function contextOf(path: string): string {
  return path.replace(/^\.(?:\/|$)/, '');
}

/** Services whose Dockerfiles exist, with what is known of them. */
async function withDockerfiles(
  { files }: Facts,
  soFar: Contribution,
  found: readonly FoundProgram[],
): Promise<readonly NamedProgram[]> {
  const built = soFar.services.filter(({ service: { build } }) => build !== undefined);
  return await Promise.all(
    built.map(async one => {
      const context = contextOf(one.service.build?.context ?? '');
      const source = found.find(program => builtBy(program, soFar, found) === one);
      const image = await existingImage(one, files, source?.program);
      return { name: one.name, context, folder: context, ...image };
    }),
  );
}

/** What runs the programs: their stencils, what they need beside them, and one formation. */
function stencils({ name, home = '' }: Facts, programs: readonly NamedProgram[]): Contribution {
  const needed = new Set(programs.flatMap(({ program }) => backingServicesOf(program.facts.dependencies)));
  const ready = [...needed].map(({ ready: one }) => one).filter(one => one !== undefined);
  const withSecrets = programs
    .map(program => ({ service: program.name, variables: secretsOf(program) }))
    .filter(({ variables }) => variables.length > 0);
  const own = programs.flatMap(program => programStencils(program));
  const config = {
    path: 'config/secrets.yaml',
    text: secretConfig(withSecrets),
    about: 'where the secrets are stored that programs need',
  };
  return {
    ...NOTHING,
    services: ready.map(one => ({ name: one.name, service: { image: one.image } })),
    files: [...own, ...ready.map(readyMade), ...(withSecrets.length === 0 ? [] : [config])],
    formations: [
      { name: 'staging', namespace: `${name}-staging`, guess: 'any namespace of the cluster', packs: PACKS },
    ],
    remarks: [...needed].flatMap(one => addressRemark(one, home === '' ? 'config' : `${home}/config`)),
  };
}

function addressRemark({ title, variable, ready }: BackingService, folder: string): readonly Remark[] {
  const message = `a dependency talks to ${title}`;
  return ready === undefined
    ? [
        {
          kind: 'note',
          message,
          remedy: `put its address into the secret that ${folder}/secrets.yaml names for ${variable}`,
        },
      ]
    : [];
}
