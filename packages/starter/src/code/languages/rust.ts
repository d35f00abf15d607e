import type { RepositoryFiles } from '../../look/repository-files.ts';
import { dockerfile, ending, instruction, runWithCache } from '../dockerfile/lines.ts';
import { guessed, type Known, known } from '../facts/known.ts';
import type { Language } from '../facts/language.ts';
import { findText, textOf } from '../facts/searching.ts';

const USER = 65532;
const CURRENT = '1.95';
const LISTENS =
  /(?:\d+\.\d+\.\d+\.\d+|localhost|\[::\]):(\d{2,5})"|\((?:\[0, 0, 0, 0\]|"0\.0\.0\.0"),\s*(\d{2,5})\)/;

export const RUST: Language = {
  markers: /^Cargo\.toml$/,
  knownBy: 'src/main.rs and the name of the package, or by [[bin]]',
  isLibrary: async files =>
    files.has('src/lib.rs') || /^\[workspace\]/m.test(await textOf(files, 'Cargo.toml')),
  async recognise(files) {
    const manifest = await textOf(files, 'Cargo.toml');
    const binary = programName(files, manifest);
    if (binary === undefined) return undefined;
    const port = await listeningPort(files);
    const isLocked = files.has('Cargo.lock');
    const runtime = await version(files, manifest);
    const facts = {
      language: 'rust',
      manager: 'cargo',
      ...(isLocked && { lock: 'Cargo.lock' }),
      runtime,
      build: [],
      start: known(['/app']),
      ...(port && { port }),
      dependencies: [...manifest.matchAll(/^([\w-]+)\s*=/gm)].map(([, name = '']) => name),
    } as const;
    const command = `cargo build --release${isLocked ? ' --locked' : ''} --bin ${binary.value}`;
    const text = dockerfile(
      [
        ...instruction(runtime, tag => `FROM rust:${tag}-slim-bookworm AS build`),
        'WORKDIR /src',
        'COPY . .',
        ...instruction(binary, name =>
          runWithCache(
            ['/usr/local/cargo/registry', '/src/target'],
            `${command} && cp target/release/${name} /app`,
          ),
        ),
      ],
      [
        'FROM gcr.io/distroless/cc-debian12:nonroot',
        'COPY --from=build /app /app',
        ...ending(USER, port, facts.start),
      ],
    );
    return {
      facts,
      dockerfile: text,
      user: USER,
      writes: [],
      ignored: ['target'],
      secrets: [],
      memory: [32, 128],
    };
  },
};

/** The binary's name: that of [[bin]], else that of the package with src/main.rs. */
function programName(files: RepositoryFiles, manifest: string): Known<string> | undefined {
  const names = [...manifest.matchAll(/^\[\[bin\]\][^[]*?^name\s*=\s*"([^"]+)"/gm)].map(
    ([, name = '']) => name,
  );
  const [, own] = /^\[package\][^[]*?^name\s*=\s*"([\w-]+)"/m.exec(manifest) ?? [];
  const [, preferred] = /^default-run\s*=\s*"([\w-]+)"/m.exec(manifest) ?? [];
  if (preferred !== undefined) return known(preferred);
  if (files.has('src/main.rs') && own !== undefined) return known(names[0] ?? own);
  const [first, ...others] = names;
  if (first === undefined || !/^[\w-]+$/.test(first)) return undefined;
  return others.length === 0 ? known(first) : guessed(first, `Cargo.toml has ${names.length} binaries`);
}

/** rust-toolchain.toml chooses, rust-version is only the oldest: https://doc.rust-lang.org/cargo/reference/rust-version.html */
async function version(files: RepositoryFiles, manifest: string): Promise<Known<string>> {
  const toolchain = (await textOf(files, 'rust-toolchain.toml')) + (await textOf(files, 'rust-toolchain'));
  const [, chosen] = /(\d+\.\d+(?:\.\d+)?)/.exec(toolchain) ?? [];
  if (chosen !== undefined) return known(chosen);
  const [, minor] = /^rust-version\s*=\s*"1\.(\d+)/m.exec(manifest) ?? [];
  if (minor !== undefined && Number(minor) > Number(CURRENT.slice(2))) return known(`1.${minor}`);
  return guessed(CURRENT, 'no rust-toolchain.toml chooses a version');
}

async function listeningPort(files: RepositoryFiles): Promise<Known<number> | undefined> {
  const found = await findText(files, /\.rs$/, LISTENS);
  const digits = found?.match.slice(1).find(one => one !== undefined);
  return digits === undefined ? undefined : known(Number(digits));
}
