import type { RepositoryFiles } from '../../look/repository-files.ts';
import { dockerfile, ending, instruction, runWithCache } from '../dockerfile/lines.ts';
import { guessed, type Known, known } from '../facts/known.ts';
import type { Language } from '../facts/language.ts';
import type { Program } from '../facts/program-facts.ts';
import { findText, nearest, textOf } from '../facts/searching.ts';

const USER = 65532;
const CACHES = ['/go/pkg/mod', '/root/.cache/go-build'];
const LISTENS =
  /ListenAndServe(?:TLS)?\(\s*"[^"]*:(\d{2,5})"|\.(?:Run|Start|Listen)\(\s*"[^"]*:(\d{2,5})"|[Pp]ort\w*\s*:?=\s*"?:?(\d{2,5})\b|"PORT",\s*"(\d{2,5})"/;

export const GO: Language = {
  markers: /^go\.mod$/,
  knownBy: 'a file of package main, which is not below internal/, tools/, scripts/ or hack/',
  isLibrary: files => Promise.resolve(nearest(files, /\.go$/).length > 0),
  async recognise(files) {
    const module = await textOf(files, 'go.mod');
    const main = await mainPackage(files, module);
    if (main === undefined) return undefined;
    const facts = {
      language: 'go',
      manager: 'go',
      ...(files.has('go.sum') && { lock: 'go.sum' }),
      runtime: version(module),
      build: [],
      start: known(['/app']),
      ...optional('port', await listeningPort(files)),
      dependencies: [...module.matchAll(/^\s*(?:require\s+)?([\w.-]+\.[\w.-]+\/\S+)\s+v\d/gm)].map(
        ([, name = '']) => name,
      ),
    } as const;
    return {
      facts,
      dockerfile: write(facts, main, files),
      user: USER,
      writes: [],
      ignored: [],
      secrets: [],
      memory: [32, 128],
    };
  },
};

function optional<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return (value === undefined ? {} : { [key]: value }) as { [P in K]?: V };
}

/** `toolchain go1.25.3`, else the oldest that the module allows: https://go.dev/ref/mod#go-mod-file-go */
function version(module: string): Known<string> {
  const [, toolchain] = /^toolchain go(\d+\.\d+)/m.exec(module) ?? [];
  const [, language] = /^go (\d+\.\d+)/m.exec(module) ?? [];
  const found = toolchain ?? language;
  return found === undefined ? guessed('1.26', 'go.mod names no version of Go') : known(found);
}

/** The folder of the program, as `go build` takes it. */
async function mainPackage(files: RepositoryFiles, module: string): Promise<Known<string> | undefined> {
  const folders = new Set<string>();
  for (const path of nearest(files, /\.go$/).filter(one => !one.endsWith('_test.go')))
    if (/^package main\b/m.test(await textOf(files, path)))
      folders.add(path.split('/').slice(0, -1).join('/'));
  const found = [...folders].filter(
    folder => !/(?:^|\/)(?:internal|tools?|scripts?|hack)(?:\/|$)/.test(folder),
  );
  if (found.includes('')) return known('.');
  const [, name] = /^module\s+\S*?([^/\s]+?)(?:\/v\d+)?\s*$/m.exec(module) ?? [];
  const [first, ...others] = found;
  if (first === undefined) return undefined;
  if (others.length === 0) return known(`./${first}`);
  const named = found.find(folder => folder.split('/').at(-1) === name) ?? first;
  return guessed(`./${named}`, `the module has ${found.length} programs, and this one is named as it is`);
}

/** The port in the source, which an environment variable or a flag may change. */
async function listeningPort(files: RepositoryFiles): Promise<Known<number> | undefined> {
  const found = await findText(files, /(?<!_test)\.go$/, LISTENS);
  const digits = found?.match.slice(1).find(one => one !== undefined);
  if (digits !== undefined) return known(Number(digits));
  const serves = await findText(files, /(?<!_test)\.go$/, /"net\/http"/);
  return serves === undefined
    ? undefined
    : guessed(8080, 'the source imports net/http, and no port was found in it');
}

function write(
  { runtime, port, start, lock }: Program['facts'],
  main: Known<string>,
  files: RepositoryFiles,
): string {
  const vendored = files.has('vendor/modules.txt');
  return dockerfile(
    [
      ...instruction(runtime ?? known('1'), tag => `FROM golang:${tag} AS build`),
      'WORKDIR /src',
      ...(vendored
        ? []
        : [
            `COPY go.mod ${lock === undefined ? '' : `${lock} `}./`,
            runWithCache(CACHES.slice(0, 1), 'go mod download'),
          ]),
      'COPY . .',
      ...instruction(main, path =>
        runWithCache(CACHES, `CGO_ENABLED=0 go build -trimpath -ldflags="-s -w" -o /app ${path}`),
      ),
    ],
    [
      'FROM gcr.io/distroless/static-debian12:nonroot',
      'COPY --from=build /app /app',
      ...ending(USER, port, start),
    ],
  );
}
