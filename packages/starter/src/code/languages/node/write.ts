import { GUESS } from '../../../proposal/guesses.ts';
import { dockerfile, ending, execForm, instruction, runWithCache } from '../../dockerfile/lines.ts';
import { known } from '../../facts/known.ts';
import { SINGLE_PAGE, STATIC_SERVER, siteStage } from '../static-server.ts';
import type { NodeProgram } from './node-program.ts';

const USER = 1000;

/** Built, and served by a web server. */
export function writeSite(program: NodeProgram): string {
  const { framework, workspace, facts } = program;
  const folder = ['/app', ...(workspace === undefined ? [] : [workspace]), framework?.site ?? 'dist'].join(
    '/',
  );
  const copy = `COPY --from=build ${quoted(folder)} /usr/share/nginx/html/`;
  return dockerfile(
    [...installation(program, program.manager.install), ...building(program)],
    [
      ...siteStage([
        ...(framework?.isSinglePage ? SINGLE_PAGE : []),
        ...(framework?.siteGuess === undefined ? [] : [`${GUESS}${framework.siteGuess}`]),
        copy,
      ]),
      ...ending(STATIC_SERVER.user, facts.port, undefined),
    ],
  );
}

/** Run by Node: from the built folder without what only development needs. */
export function writeServer(program: NodeProgram): string {
  const { manager, facts, workspace } = program;
  const hasBuild = facts.build.length > 0;
  const runtime = facts.runtime ?? known('24');
  return dockerfile(
    [
      ...installation(program, hasBuild ? manager.install : manager.installForRunning),
      ...building(program),
      ...(hasBuild ? [runWithCache([manager.cache], manager.prune)] : []),
    ],
    [
      `FROM node:${runtime.value}-slim`,
      ...environment(program),
      'WORKDIR /app',
      'COPY --from=build /app ./',
      ...(workspace === undefined ? [] : [`WORKDIR ${quoted(`/app/${workspace}`)}`]),
      ...ending(USER, facts.port, facts.start),
    ],
  );
}

/** What package.json's own scripts find is found without a package manager too. */
function environment({ framework, facts, workspace }: NodeProgram): readonly string[] {
  const port = facts.port === undefined ? {} : { PORT: `${facts.port.value}` };
  const variables = { NODE_ENV: 'production', ...port, ...framework?.environment };
  const bins = [
    ...(workspace === undefined ? [] : [`/app/${workspace}/node_modules/.bin`]),
    '/app/node_modules/.bin',
  ];
  return [
    ...Object.entries(variables).map(([name, value]) => `ENV ${name}=${value}`),
    ...(facts.start?.value[0] === 'node' ? [] : [`ENV PATH=${bins.join(':')}:$PATH`]),
  ];
}

function installation(
  { manager, manifests, facts }: NodeProgram,
  install: NodeProgram['manager']['install'],
): readonly string[] {
  const runtime = facts.runtime ?? known('24');
  const inFolders = manifests.filter(path => path.includes('/'));
  return [
    ...instruction(runtime, tag => `FROM node:${tag}-slim AS build`),
    ...(manager.setUp === undefined ? [] : instruction(manager.setUp, command => `RUN ${command}`)),
    'WORKDIR /app',
    `COPY package.json ${manager.files.map(file => `${file} `).join('')}./`,
    ...inFolders.map(path => `COPY ${execForm([path, `./${path.split('/').slice(0, -1).join('/')}/`])}`),
    ...instruction(install, command => runWithCache([manager.cache], command)),
    'COPY . .',
  ];
}

function building({ facts }: NodeProgram): readonly string[] {
  return facts.build.flatMap(step => instruction(step, command => `RUN ${command}`));
}

/** A path as one word of an instruction. */
function quoted(path: string): string {
  return /^[\w./@-]+$/.test(path) ? path : JSON.stringify(path);
}
