import type { RepositoryFiles } from '../../../look/repository-files.ts';
import { dockerfile, ending, instruction, runWithCache } from '../../dockerfile/lines.ts';
import { guessed, type Known, known } from '../../facts/known.ts';
import type { Language } from '../../facts/language.ts';
import type { ProgramFacts } from '../../facts/program-facts.ts';
import { textOf } from '../../facts/searching.ts';
import { type Application, applicationOf } from './applications.ts';
import { type Manager, managerOf } from './managers.ts';

const USER = 65532;
const CURRENT = '3.13';
const NEEDS_NOTHING =
  '# guess: no file that can be read says what the program needs, so none of that is installed';

export const PYTHON: Language = {
  markers: /^(?:pyproject\.toml|requirements\.txt|manage\.py)$/,
  knownBy:
    'manage.py, by an application of FastAPI, Starlette or Flask that is among its dependencies, or by main.py, app.py, server.py or __main__.py without these',
  async recognise(files) {
    const manager = await managerOf(files);
    const dependencies = await namesOf(files);
    const application = await applicationOf(files, dependencies);
    if (application === undefined) return undefined;
    const { framework, start, port, build, keeps } = application;
    const facts: ProgramFacts = {
      language: 'python',
      ...(framework !== undefined && { framework }),
      ...(manager && { manager: manager.name }),
      ...(manager?.lock !== undefined && { lock: manager.lock }),
      runtime: await version(files),
      build: build === undefined ? [] : [build],
      start,
      ...(port && { port }),
      dependencies: dependencies.map(name => name.replace(/\[.*/, '')),
    };
    const text = write(facts, manager, application);
    return {
      facts,
      dockerfile: text,
      user: USER,
      writes: ['/tmp'],
      ...(keeps && { keeps: keeps.map(folder => `/app/${folder}`) }),
      ignored: ['**/__pycache__', '**/.venv', '**/*.pyc'],
      secrets: [],
      memory: [96, 256],
    };
  },
};

function write(
  { runtime, port, start, build }: ProgramFacts,
  manager: Manager | undefined,
  { adds }: Application,
): string {
  const tag = runtime ?? known(CURRENT);
  return dockerfile(
    [
      ...instruction(tag, one => `FROM python:${one}-slim AS build`),
      'RUN python -m venv /venv',
      'ENV PATH=/venv/bin:$PATH',
      'WORKDIR /app',
      ...(manager?.lines ?? [NEEDS_NOTHING, 'COPY . .']),
      ...(adds === undefined
        ? []
        : [
            '# guess: the server that the last line starts',
            runWithCache(['/root/.cache/pip'], `pip install ${adds}`),
          ]),
      ...build.flatMap(step => instruction(step, command => `RUN ${command}`)),
    ],
    [
      `FROM python:${tag.value}-slim`,
      'ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1',
      'WORKDIR /app',
      'COPY --from=build /venv /venv',
      'COPY --from=build /app ./',
      ...ending(USER, port, start),
    ],
  );
}

/** Packages that pyproject.toml and requirements.txt name, with their extras. */
async function namesOf(files: RepositoryFiles): Promise<readonly string[]> {
  const requirements = (await textOf(files, 'requirements.txt')).split('\n');
  const project = await textOf(files, 'pyproject.toml');
  const [, listed = ''] = /^dependencies\s*=\s*\[([\s\S]*?)\]\s*$/m.exec(project) ?? [];
  const table = project.split(/^\[tool\.poetry\.dependencies\]/m)[1]?.split(/^\[/m)[0] ?? '';
  return [
    ...requirements,
    ...[...listed.matchAll(/["']([^"']+)["']/g)].map(([, one = '']) => one),
    ...[...table.matchAll(/^([\w-]+)\s*=/gm)].map(([, one = '']) => one),
  ].flatMap(line => /^\s*([A-Za-z0-9][\w.-]*(?:\[[\w,]+\])?)/.exec(line)?.[1] ?? []);
}

/** .python-version or runtime.txt choose; what a project requires is the oldest only. */
async function version(files: RepositoryFiles): Promise<Known<string>> {
  const chosen = (await textOf(files, '.python-version')) || (await textOf(files, 'runtime.txt'));
  const [, exact] = /^(?:python-)?(\d+\.\d+)(?:\.\d+)?\s*$/m.exec(chosen) ?? [];
  if (exact !== undefined) return known(exact);
  const project = await textOf(files, 'pyproject.toml');
  const [, range = ''] = /^(?:requires-python|python)\s*=\s*["']([^"']+)["']/m.exec(project) ?? [];
  const [, below] = /<\s*3\.(\d+)/.exec(range) ?? [];
  const [, only] = /^\s*(?:==|~=)?\s*(3\.\d+)(?:\.[\d*]+)?\s*$/.exec(range) ?? [];
  if (only !== undefined) return known(only);
  if (below !== undefined && Number(below) <= Number(CURRENT.slice(2)))
    return guessed(`3.${Number(below) - 1}`, `the newest Python that ${range} allows`);
  const [, oldest] = />=\s*3\.(\d+)/.exec(range) ?? [];
  if (oldest !== undefined && Number(oldest) > Number(CURRENT.slice(2))) return known(`3.${oldest}`);
  return guessed(
    CURRENT,
    range === '' ? 'nothing chooses a version of Python' : `pyproject.toml allows ${range}`,
  );
}
