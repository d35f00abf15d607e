import { quote } from '@slipway/core';
import {
  type Contribution,
  NOTHING,
  type ProposedFile,
  type ProposedService,
  type Remark,
} from '../proposal/contribution.ts';
import type { Facts } from '../proposal/facts.ts';
import { ignoreFile } from './ignore-file.ts';
import type { NamedProgram } from './program-stencils.ts';
import { privateFiles, variableRemarks } from './secrets/private-files.ts';

/** One Dockerfile for each program, and one .dockerignore for each context, where there is none. */
export async function imageFiles({ files }: Facts, programs: readonly NamedProgram[]): Promise<Contribution> {
  const proposed: ProposedFile[] = [];
  const remarks: Remark[] = [];
  const secret = programs.length === 0 ? [] : await privateFiles(files);
  for (const { folder, context, program, name } of programs) {
    const path = join(folder, 'Dockerfile');
    if (files.has(path)) remarks.push(kept(path));
    else {
      proposed.push({ path, text: program.dockerfile, about: `builds the image of ${name}` });
      remarks.push(...(await variableRemarks(files, context)));
    }
    const ignored = join(context, '.dockerignore');
    if (proposed.some(file => file.path === ignored)) continue;
    if (files.has(ignored)) remarks.push(ignoreKept(ignored));
    else
      proposed.push({
        path: ignored,
        text: ignoreFile([
          ...patternsOf(programs, context),
          // A Dockerfile that is there may copy one.
          ...(files.has(path) ? [] : below(context, secret).map(escaped)),
        ]),
        about: 'keeps secrets and what is built on a machine out of images',
      });
  }
  return { ...NOTHING, services: programs.map(service), files: proposed, remarks };
}

function patternsOf(programs: readonly NamedProgram[], context: string): readonly string[] {
  return programs.filter(one => one.context === context).flatMap(({ program }) => program.ignored);
}

function below(folder: string, paths: readonly string[]): readonly string[] {
  if (folder === '') return paths;
  return paths.filter(path => path.startsWith(`${folder}/`)).map(path => path.slice(folder.length + 1));
}

/** A path as a pattern that only it matches: https://pkg.go.dev/path/filepath#Match */
function escaped(path: string): string {
  return path.replaceAll(/[\\*?[\]]/g, '\\$&').replace(/^[!#]/, '?');
}

function service({ name, folder, context }: NamedProgram): ProposedService {
  const below = context === '' ? folder : folder.slice(context.length + 1);
  const build =
    folder === context
      ? { context: context || '.' }
      : { context: context || '.', dockerfile: `${below}/Dockerfile` };
  return { name, service: { build } };
}

function kept(path: string): Remark {
  return {
    kind: 'note',
    at: { path, line: 1, column: 1 },
    message: `${quote(path)} exists and is used as it is`,
    remedy: 'check that its user is not root and that its port is that of the stencil',
  };
}

function ignoreKept(path: string): Remark {
  return {
    kind: 'note',
    at: { path, line: 1, column: 1 },
    message: `${quote(path)} exists and is used as it is`,
    remedy: 'check that it has .git, .env and files with secrets',
  };
}

function join(folder: string, file: string): string {
  return folder === '' ? file : `${folder}/${file}`;
}
