import type { RepositoryFiles } from '../../../look/repository-files.ts';
import { guessed, type Known, known } from '../../facts/known.ts';
import { findText, textOf } from '../../facts/searching.ts';

/** What starts a Python program. */
export interface Application {
  readonly framework?: string;
  readonly start: Known<readonly string[]>;
  readonly port?: Known<number>;
  /** A server that nothing has installed yet. */
  readonly adds?: string;
  readonly build?: Known<string>;
  /** Folders of data, below the program's own. */
  readonly keeps?: readonly string[];
}

const PORT = 8000;
const GUNICORN = 'gunicorn==23.0.0';
/** The variables of a program's first lines: `app = FastAPI(…)`, with spaces and a type or without. */
const variable = (call: string): RegExp =>
  new RegExp(`^(\\w+)(?::[^=\\n]*|[ \\t]*)=[ \\t]*(?:\\w+\\.)?${call}\\(`, 'm');

/** Undefined if nothing that runs is found. */
export async function applicationOf(
  files: RepositoryFiles,
  dependencies: readonly string[],
): Promise<Application | undefined> {
  const needs = (name: string): boolean =>
    dependencies.some(one =>
      [one, one.replace(/\[.*/, '')].some(form => form.toLowerCase().replaceAll('_', '-') === name),
    );
  if (files.has('manage.py')) return await django(files, needs);
  if (needs('fastapi') || needs('starlette')) {
    const found = await findText(files, /\.py$/, variable('(?:FastAPI|Starlette)'));
    if (found !== undefined) return asgi(found, needs);
  }
  if (needs('flask')) return await flask(files, needs);
  return script(files);
}

async function django(files: RepositoryFiles, needs: (name: string) => boolean): Promise<Application> {
  const [, settings = 'config.settings'] =
    /DJANGO_SETTINGS_MODULE['"],\s*['"]([\w.]+)['"]/.exec(await textOf(files, 'manage.py')) ?? [];
  const wsgi = files.paths
    .find(path => /^\w+\/wsgi\.py$/.test(path))
    ?.replace(/\.py$/, '')
    .replaceAll('/', '.');
  const hasStatic = (await findText(files, /settings(?:\/\w+)?\.py$/, /^STATIC_ROOT\s*=/m)) !== undefined;
  const module = wsgi ?? `${settings.split('.')[0] ?? 'config'}.wsgi`;
  return {
    framework: 'Django',
    ...gunicorn(module, needs, wsgi === undefined ? 'there is no wsgi.py' : undefined),
    ...(hasStatic && {
      build: guessed('python manage.py collectstatic --no-input', 'settings.py has a STATIC_ROOT'),
    }),
  };
}

function asgi(
  found: { path: string; match: RegExpExecArray },
  needs: (name: string) => boolean,
): Application {
  const module = `${moduleOf(found.path)}:${found.match[1] ?? 'app'}`;
  const command = ['uvicorn', module, '--host', '0.0.0.0', '--port', `${PORT}`];
  const has = needs('uvicorn') || needs('fastapi[standard]');
  return {
    framework: 'FastAPI',
    start: has ? known(command) : guessed(command, 'no dependency is a server, so uvicorn is added'),
    port: known(PORT),
    ...(!has && { adds: 'uvicorn==0.54.0' }),
  };
}

async function flask(
  files: RepositoryFiles,
  needs: (name: string) => boolean,
): Promise<Application | undefined> {
  const common = { framework: 'Flask', ...(await instanceFolder(files)) };
  const app = await findText(files, /\.py$/, variable('Flask'));
  if (app !== undefined)
    return { ...common, ...gunicorn(`${moduleOf(app.path)}:${app.match[1] ?? 'app'}`, needs) };
  const factory = await findText(files, /\.py$/, /^def (create_app|make_app)\(/m);
  if (factory === undefined) return undefined;
  return { ...common, ...gunicorn(`${moduleOf(factory.path)}:${factory.match[1] ?? 'create_app'}()`, needs) };
}

/** Where Flask keeps a program's files: https://flask.palletsprojects.com/en/stable/config/#instance-folders */
async function instanceFolder(files: RepositoryFiles): Promise<Pick<Application, 'keeps'>> {
  const used = await findText(files, /\.py$/, /\binstance_(?:path|relative_config)\b/);
  return used === undefined ? {} : { keeps: ['instance'] };
}

/** The server that most programs with WSGI have; its workers' files are in memory. */
function gunicorn(
  module: string,
  needs: (name: string) => boolean,
  doubt?: string,
): Pick<Application, 'start' | 'port' | 'adds'> {
  const command = ['gunicorn', '--bind', `0.0.0.0:${PORT}`, '--worker-tmp-dir', '/tmp', module];
  const missing = needs('gunicorn') ? undefined : 'no dependency is a server, so gunicorn is added';
  const guess = [missing, doubt].filter(one => one !== undefined).join('; ');
  return {
    start: guess === '' ? known(command) : guessed(command, guess),
    port: known(PORT),
    ...(missing !== undefined && { adds: GUNICORN }),
  };
}

function script(files: RepositoryFiles): Application | undefined {
  const file = ['main.py', 'app.py', 'server.py', '__main__.py'].find(files.has);
  return file === undefined
    ? undefined
    : { start: guessed(['python', file], `nothing but its name says that ${file} is the program`) };
}

/** `src/shop/main.py` as `shop.main`, `flaskr/__init__.py` as `flaskr`. */
function moduleOf(path: string): string {
  return path
    .replace(/^src\//, '')
    .replace(/(?:\/__init__)?\.py$/, '')
    .replaceAll('/', '.');
}
