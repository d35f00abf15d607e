import type { RepositoryFiles } from '../../look/repository-files.ts';
import { dockerfile, ending, instruction } from '../dockerfile/lines.ts';
import { guessed, type Known, known } from '../facts/known.ts';
import type { Language } from '../facts/language.ts';
import type { ProgramFacts } from '../facts/program-facts.ts';
import { findText, textOf } from '../facts/searching.ts';

const USER = 1000;
/** What gems that contain C need of Debian: to build, and to run. */
const LIBRARIES: Readonly<Record<string, readonly [build: string, run: string]>> = {
  pg: ['libpq-dev', 'libpq5'],
  mysql2: ['default-libmysqlclient-dev', 'libmariadb3'],
  sqlite3: ['libsqlite3-dev', 'libsqlite3-0'],
};

export const RUBY: Language = {
  markers: /^Gemfile$/,
  knownBy: 'the gem rails, or by config.ru',
  isLibrary: files => Promise.resolve(files.paths.some(path => /^[^/]+\.gemspec$/.test(path))),
  async recognise(files) {
    const gemfile = await textOf(files, 'Gemfile');
    const gems = [...gemfile.matchAll(/^\s*gem\s+["']([\w-]+)["']/gm)].map(([, name = '']) => name);
    const isRails = gems.includes('rails');
    if (!isRails && !files.has('config.ru')) return undefined;
    const facts: ProgramFacts = {
      language: 'ruby',
      ...(isRails ? { framework: 'Rails' } : gems.includes('sinatra') ? { framework: 'Sinatra' } : {}),
      manager: 'bundler',
      ...(files.has('Gemfile.lock') && { lock: 'Gemfile.lock' }),
      runtime: await version(files, gemfile),
      build: isRails ? await railsBuild(files, gems) : [],
      start: isRails ? known(['bin/rails', 'server', '--binding', '0.0.0.0']) : rack(gems),
      port: known(isRails ? 3000 : 9292),
      ...(await health(files, isRails)),
      dependencies: gems,
    };
    const secrets = isRails ? [{ variable: 'SECRET_KEY_BASE', why: 'Rails signs cookies with it' }] : [];
    return {
      facts,
      dockerfile: write(facts, gems, files),
      user: USER,
      writes: isRails ? ['/tmp', '/app/tmp', '/app/log'] : ['/tmp'],
      ...(isRails && { keeps: ['/app/storage'] }),
      ignored: ['log/*', 'tmp/*', 'storage/*', 'config/master.key', 'config/credentials/*.key'],
      secrets,
      memory: [192, 512],
    };
  },
};

function rack(gems: readonly string[]): Known<readonly string[]> {
  const command = ['bundle', 'exec', 'rackup', '--host', '0.0.0.0', '--port', '9292'];
  return gems.includes('puma')
    ? known(['bundle', 'exec', 'puma', '--bind', 'tcp://0.0.0.0:9292'])
    : guessed(command, 'no gem is a known server');
}

async function railsBuild(
  files: RepositoryFiles,
  gems: readonly string[],
): Promise<readonly Known<string>[]> {
  const steps = gems.includes('bootsnap') ? [known('bundle exec bootsnap precompile app/ lib/')] : [];
  const hasAssets = gems.some(name =>
    /^(?:sprockets|propshaft|importmap|tailwindcss|cssbundling|jsbundling)/.test(name),
  );
  return hasAssets && files.paths.some(path => path.startsWith('app/assets/'))
    ? [...steps, known('SECRET_KEY_BASE_DUMMY=1 RAILS_ENV=production bin/rails assets:precompile')]
    : steps;
}

/**
 * Rails has /up since 7.1, if routes.rb has it: https://guides.rubyonrails.org/7_1_release_notes.html
 * Where it wants TLS, a request says that the proxy before it had that: https://guides.rubyonrails.org/configuring.html#config-force-ssl
 */
async function health(
  files: RepositoryFiles,
  isRails: boolean,
): Promise<Pick<ProgramFacts, 'health' | 'healthHeaders'>> {
  if (!isRails || (await findText(files, /^config\/routes\.rb$/, /^\s*get ["']up["']\s*=>/m)) === undefined)
    return {};
  const settings = /^config\/environments\/production\.rb$/;
  const forced = await findText(files, settings, /^\s*config\.force_ssl\s*=\s*true\b/m);
  return {
    health: known('/up'),
    ...(forced && { healthHeaders: { 'X-Forwarded-Proto': 'https' } }),
  };
}

async function version(files: RepositoryFiles, gemfile: string): Promise<Known<string>> {
  const [, chosen] = /^(?:ruby-)?(\d+\.\d+(?:\.\d+)?)\s*$/m.exec(await textOf(files, '.ruby-version')) ?? [];
  const [, declared] = /^ruby\s+["'](?:~>\s*)?(\d+\.\d+(?:\.\d+)?)["']/m.exec(gemfile) ?? [];
  const [, locked] = /^RUBY VERSION\s+ruby (\d+\.\d+\.\d+)/m.exec(await textOf(files, 'Gemfile.lock')) ?? [];
  const found = chosen ?? declared ?? locked;
  return found === undefined ? guessed('3.4', 'nothing chooses a version of Ruby') : known(found);
}

function write(
  { runtime, build, port, start, lock }: ProgramFacts,
  gems: readonly string[],
  files: RepositoryFiles,
): string {
  const tag = runtime ?? known('3.4');
  const libraries = Object.entries(LIBRARIES)
    .filter(([gem]) => gems.includes(gem))
    .map(([, names]) => names);
  const environment =
    'ENV RAILS_ENV=production RACK_ENV=production BUNDLE_WITHOUT=development:test BUNDLE_PATH=/usr/local/bundle';
  const frozen = lock === undefined ? [] : ['ENV BUNDLE_FROZEN=true'];
  const own = files.has('.ruby-version') ? ' .ruby-version' : '';
  return dockerfile(
    [
      ...instruction(tag, one => `FROM ruby:${one}-slim AS build`),
      packages(['build-essential git libyaml-dev pkg-config', ...libraries.map(([one]) => one)]),
      'WORKDIR /app',
      environment,
      ...frozen,
      `COPY Gemfile${lock === undefined ? '' : ` ${lock}`}${own} ./`,
      ...(lock === undefined
        ? ['# guess: without Gemfile.lock the versions are those of the day of the build']
        : []),
      'RUN bundle install && rm -rf "$BUNDLE_PATH"/cache',
      'COPY . .',
      ...build.flatMap(step => instruction(step, command => `RUN ${command}`)),
    ],
    [
      `FROM ruby:${tag.value}-slim`,
      packages(['libyaml-0-2', ...libraries.map(([, one]) => one)]),
      'WORKDIR /app',
      environment,
      ...frozen,
      'COPY --from=build /usr/local/bundle /usr/local/bundle',
      'COPY --from=build --chown=1000:1000 /app ./',
      ...ending(USER, port, start),
    ],
  );
}

function packages(names: readonly string[]): string {
  return `RUN apt-get update && apt-get install --yes --no-install-recommends ${names.join(' ')} \\\n    && rm -rf /var/lib/apt/lists/*`;
}
