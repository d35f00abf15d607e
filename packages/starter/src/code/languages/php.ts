import type { RepositoryFiles } from '../../look/repository-files.ts';
import { dockerfile, ending, instruction, runWithCache } from '../dockerfile/lines.ts';
import { parseJson, recordOf } from '../facts/json.ts';
import { guessed, type Known, known } from '../facts/known.ts';
import type { Language } from '../facts/language.ts';
import { textOf } from '../facts/searching.ts';

/** www-data of Debian, whose ports below 1024 are closed to it. */
const USER = 33;
const PORT = known(8080);
/** Extensions that the image has anyway: https://github.com/docker-library/docs/tree/master/php */
const BUILT_IN = new Set([
  'pdo',
  'json',
  'mbstring',
  'curl',
  'ctype',
  'dom',
  'fileinfo',
  'filter',
  'hash',
  'iconv',
  'libxml',
  'openssl',
  'phar',
  'posix',
  'session',
  'simplexml',
  'sodium',
  'sqlite3',
  'pdo_sqlite',
  'tokenizer',
  'xml',
  'xmlreader',
  'xmlwriter',
  'zlib',
]);
/** Extensions that compile without a further library. */
const PLAIN = new Set(['bcmath', 'calendar', 'exif', 'mysqli', 'opcache', 'pcntl', 'pdo_mysql', 'sockets']);

export const PHP: Language = {
  markers: /^(?:composer\.json|index\.php)$/,
  knownBy: 'index.php, there or in public/, web/, www/ or htdocs/',
  isLibrary: async files => recordOf(parseJson(await textOf(files, 'composer.json')))['type'] === 'library',
  async recognise(files) {
    const root = documentRoot(files);
    if (root === undefined) return undefined;
    const manifest = recordOf(parseJson(await textOf(files, 'composer.json')));
    const required = Object.keys(recordOf(manifest['require']));
    const hasComposer = files.has('composer.json');
    const runtime = version(recordOf(manifest['require'])['php']);
    const extensions = required.filter(name => name.startsWith('ext-')).map(name => name.slice(4));
    const facts = {
      language: 'php',
      ...framework(required),
      ...(hasComposer && { manager: 'composer' }),
      ...(files.has('composer.lock') && { lock: 'composer.lock' }),
      runtime,
      build: [],
      port: PORT,
      dependencies: required,
    } as const;
    const text = dockerfile(...(hasComposer ? [vendorStage(files)] : []), [
      ...instruction(runtime, tag => `FROM php:${tag}-apache`),
      ...extensionLines(extensions),
      'RUN sed -i "s/^Listen 80$/Listen 8080/" /etc/apache2/ports.conf \\',
      `    && sed -i "s/:80>/:8080>/; s#/var/www/html#/var/www/html${root}#" /etc/apache2/sites-available/000-default.conf`,
      'WORKDIR /var/www/html',
      'COPY . .',
      ...(hasComposer ? ['COPY --from=vendor /app/vendor ./vendor'] : []),
      ...ending(USER, PORT, undefined),
    ]);
    return {
      facts,
      dockerfile: text,
      user: USER,
      writes: ['/tmp', '/var/run/apache2', '/var/lock/apache2'],
      ignored: ['vendor'],
      secrets: [],
      memory: [64, 256],
    };
  },
};

/** The folder that the web server shows, below the program's own. */
function documentRoot(files: RepositoryFiles): string | undefined {
  const root = ['public', 'web', 'www', 'htdocs'].find(folder => files.has(`${folder}/index.php`));
  if (root !== undefined) return `/${root}`;
  return files.has('index.php') ? '' : undefined;
}

function framework(required: readonly string[]): { framework?: string } {
  if (required.includes('laravel/framework')) return { framework: 'Laravel' };
  if (required.includes('symfony/framework-bundle')) return { framework: 'Symfony' };
  return required.includes('slim/slim') ? { framework: 'Slim' } : {};
}

function version(required: unknown): Known<string> {
  const [, found] = /(\d+\.\d+)/.exec(typeof required === 'string' ? required : '') ?? [];
  return found === undefined ? guessed('8.4', 'composer.json names no version of PHP') : known(found);
}

function vendorStage(files: RepositoryFiles): readonly string[] {
  const isLocked = files.has('composer.lock');
  const install =
    'composer install --no-dev --no-interaction --no-scripts --prefer-dist --ignore-platform-reqs --optimize-autoloader';
  return [
    'FROM composer:2 AS vendor',
    'WORKDIR /app',
    'COPY . .',
    ...(isLocked ? [] : ['# guess: without composer.lock the versions are those of the day of the build']),
    runWithCache(['/tmp/cache'], install),
  ];
}

function extensionLines(extensions: readonly string[]): readonly string[] {
  const plain = extensions.filter(name => PLAIN.has(name));
  const others = extensions.filter(name => !PLAIN.has(name) && !BUILT_IN.has(name) && /^\w+$/.test(name));
  return [
    ...(plain.length === 0 ? [] : [`RUN docker-php-ext-install ${plain.join(' ')}`]),
    ...others.map(
      name =>
        `# guess: the extension ${name} needs libraries of Debian before docker-php-ext-install ${name}`,
    ),
  ];
}
