import type { RepositoryFiles } from '../../../look/repository-files.ts';
import { plainWords } from '../../dockerfile/lines.ts';
import { guessed, type Known, known } from '../../facts/known.ts';
import type { Framework } from './frameworks.ts';
import type { Manager } from './managers.ts';
import type { Manifest } from './manifest.ts';

/** What starts a program. */
export interface Start {
  readonly command: Known<readonly string[]>;
  /** Scripts that package.json runs before, which belong to the build. */
  readonly scripts: readonly string[];
}

interface Given {
  readonly manifest: Manifest;
  readonly manager: Manager;
  readonly framework?: Framework;
  readonly workspace?: string;
}

/** Scripts for production, the best first. */
const SCRIPTS = ['start:prod', 'start:production', 'serve:prod', 'start'];
const DEVELOPMENT =
  /\b(?:nodemon|ts-node-dev|tsx watch|nest start|next dev|vite(?: dev)?$|webpack(?:-dev-server)? serve)\b/;
/** What `node` runs where package.json has no script, the likeliest first. */
const FILES = ['server.js', 'index.js', 'app.js', 'src/index.js', 'src/server.js', 'server.mjs', 'index.mjs'];

/** Undefined for a library. */
export function startOf(files: RepositoryFiles, given: Given): Start | undefined {
  const { manifest, framework } = given;
  for (const name of SCRIPTS) {
    const script = manifest.scripts[name];
    if (script !== undefined && !DEVELOPMENT.test(script)) return fromScript(name, script, given);
  }
  if (framework?.start !== undefined) return { command: known(framework.start), scripts: [] };
  const own = (path: string): string => (given.workspace === undefined ? path : `${given.workspace}/${path}`);
  const file = [...(manifest.main === undefined ? [] : [manifest.main]), ...FILES].find(path =>
    files.has(own(path)),
  );
  if (file === undefined || framework === undefined) return undefined;
  return { command: guessed(['node', file], 'package.json has no script that starts it'), scripts: [] };
}

/** Programs that run scripts without Node, none of which its image has. */
const OTHERS: ReadonlySet<string> = new Set(['bun', 'bunx', 'deno']);

function lacking(program: string): string {
  return `the image of Node has no ${program}, so nothing starts until the Dockerfile installs it`;
}

function whyShell(script: string): string {
  const other = script.split(/[\s;&|()]+/).find(word => OTHERS.has(word));
  return other === undefined ? 'the script needs a shell' : `the script needs a shell; ${lacking(other)}`;
}

/** `npm run build && node dist/main` is a build and a start. */
function fromScript(name: string, script: string, { manager, manifest }: Given): Start {
  const parts = script.split('&&').map(part => part.trim());
  const before = parts
    .slice(0, -1)
    .map(part => /^(?:npm run|yarn(?: run)?|pnpm(?: run)?) ([\w:-]+)$/.exec(part)?.[1]);
  const scripts = before.filter(one => one !== undefined && manifest.scripts[one] !== undefined) as string[];
  const words = plainWords(parts.at(-1) ?? '');
  if (words === undefined || scripts.length < before.length)
    return {
      command: guessed([manager.name.split('-')[0] ?? 'npm', 'run', name], whyShell(script)),
      scripts: [],
    };
  const [program = ''] = words;
  return { command: OTHERS.has(program) ? guessed(words, lacking(program)) : known(words), scripts };
}
