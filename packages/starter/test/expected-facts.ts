import type { FoundProgram } from '../src/index.ts';

/** What a person reads in the test repositories, written before `init` was run on them. Values that are guesses start with `?`. */
interface ExpectedFacts {
  readonly folder?: string;
  readonly context?: string;
  readonly language: string;
  readonly framework?: string;
  readonly manager?: string;
  readonly lock?: string;
  readonly runtime?: string;
  readonly build?: readonly string[];
  readonly start?: string;
  readonly port?: string;
  readonly health?: string;
}

const EXPECTED: Readonly<Record<string, readonly ExpectedFacts[]>> = {
  'express-npm': [
    {
      language: 'node',
      framework: 'Express',
      manager: 'npm',
      lock: 'package-lock.json',
      runtime: '?24',
      start: 'node ./bin/www',
      port: '3000',
    },
  ],
  'next-pnpm': [
    {
      language: 'node',
      framework: 'Next.js',
      manager: 'pnpm',
      lock: 'pnpm-lock.yaml',
      runtime: '?24',
      build: ['pnpm run build'],
      start: 'next start',
      port: '3000',
    },
  ],
  'nest-yarn': [
    {
      language: 'node',
      framework: 'Nest',
      manager: 'yarn',
      lock: 'yarn.lock',
      runtime: '?24',
      build: ['yarn run build'],
      start: 'node dist/main',
      port: '3000',
    },
  ],
  'vite-static': [
    {
      language: 'node',
      framework: 'Vite',
      manager: 'npm',
      lock: 'package-lock.json',
      runtime: '?24',
      build: ['npm run build'],
      port: '8080',
      health: '/',
    },
  ],
  'npm-workspaces': [
    {
      folder: 'apps/api',
      context: '',
      language: 'node',
      framework: 'Fastify',
      manager: 'npm',
      lock: 'package-lock.json',
      runtime: '?24',
      build: ['npm run build:ts --workspace apps/api'],
      start: 'fastify start -l info dist/app.js',
      port: '3000',
    },
    {
      folder: 'apps/web',
      context: '',
      language: 'node',
      framework: 'Vite',
      manager: 'npm',
      lock: 'package-lock.json',
      runtime: '?24',
      build: ['npm run build --workspace apps/web'],
      port: '8080',
      health: '/',
    },
  ],
  'static-site': [{ language: 'static', port: '8080', health: '/' }],
  'django-pip': [
    {
      language: 'python',
      framework: 'Django',
      manager: 'pip',
      lock: 'requirements.txt',
      runtime: '?3.13',
      start: '?gunicorn --bind 0.0.0.0:8000 --worker-tmp-dir /tmp shop.wsgi',
      port: '8000',
    },
  ],
  'flask-tutorial': [
    {
      language: 'python',
      framework: 'Flask',
      manager: 'pip',
      runtime: '?3.13',
      start: '?gunicorn --bind 0.0.0.0:8000 --worker-tmp-dir /tmp flaskr:create_app()',
      port: '8000',
    },
  ],
  'poetry-fastapi': [
    {
      language: 'python',
      framework: 'FastAPI',
      manager: 'poetry',
      lock: 'poetry.lock',
      runtime: '?3.13',
      start: 'uvicorn shop.main:app --host 0.0.0.0 --port 8000',
      port: '8000',
    },
  ],
  'uv-fastapi': [
    {
      language: 'python',
      framework: 'FastAPI',
      manager: 'uv',
      lock: 'uv.lock',
      runtime: '?3.13',
      start: 'uvicorn main:app --host 0.0.0.0 --port 8000',
      port: '8000',
    },
  ],
  'go-httpbin': [{ language: 'go', manager: 'go', runtime: '1.22', start: '/app', port: '8080' }],
  'spring-maven': [
    {
      language: 'java',
      framework: 'Spring Boot',
      manager: 'maven',
      runtime: '?17',
      start: 'java -XX:MaxRAMPercentage=75 -jar /app/app.jar',
      port: '8080',
      health: '/actuator/health',
    },
  ],
  'jhipster-gradle': [
    {
      language: 'java',
      framework: 'Spring Boot',
      manager: 'gradle',
      runtime: '21',
      start: 'java -XX:MaxRAMPercentage=75 -jar /app/app.jar',
      port: '8080',
      health: '/management/health',
    },
  ],
  rails: [
    {
      language: 'ruby',
      framework: 'Rails',
      manager: 'bundler',
      runtime: '3.3.8',
      build: [
        'bundle exec bootsnap precompile app/ lib/',
        'SECRET_KEY_BASE_DUMMY=1 RAILS_ENV=production bin/rails assets:precompile',
      ],
      start: 'bin/rails server --binding 0.0.0.0',
      port: '3000',
      health: '/up',
    },
  ],
  'php-plain': [{ language: 'php', manager: 'composer', runtime: '8.3', port: '8080' }],
  'dotnet-web': [
    {
      language: 'dotnet',
      framework: 'ASP.NET Core',
      manager: 'nuget',
      runtime: '9.0',
      start: 'dotnet Shop.dll',
      port: '8080',
    },
  ],
  'rust-axum': [
    { language: 'rust', manager: 'cargo', lock: 'Cargo.lock', runtime: '?1.95', start: '/app', port: '3000' },
  ],
  compose: [
    {
      language: 'node',
      framework: 'Express',
      manager: 'npm',
      lock: 'package-lock.json',
      runtime: '?24',
      start: 'node ./bin/www',
      port: '3000',
    },
  ],
  monorepo: [
    {
      folder: 'services/mail',
      language: 'python',
      framework: 'Flask',
      manager: 'pip',
      runtime: '?3.13',
      start: '?gunicorn --bind 0.0.0.0:8000 --worker-tmp-dir /tmp flaskr:create_app()',
      port: '8000',
    },
    {
      folder: 'services/orders',
      language: 'node',
      framework: 'Express',
      manager: 'npm',
      lock: 'package-lock.json',
      runtime: '?24',
      start: 'node ./bin/www',
      port: '3000',
    },
    { folder: 'services/stock', language: 'go', manager: 'go', runtime: '1.24', start: '/app', port: '8080' },
  ],
};

/** Repositories that are made in seconds and with programs that every machine of the tests has; the benchmark compares the others. */
export const QUICK: readonly string[] = [
  'express-npm',
  'static-site',
  'flask-tutorial',
  'go-httpbin',
  'spring-maven',
  'php-plain',
  'dotnet-web',
  'rust-axum',
  'next-pnpm',
  'vite-static',
  'npm-workspaces',
  'django-pip',
  'uv-fastapi',
  'compose',
  'monorepo',
];

/** What a person reads in this repository; undefined if no one wrote it down. */
export function expectedFacts(name: string): readonly ExpectedFacts[] | undefined {
  return EXPECTED[name]?.map(complete);
}

function complete({ folder = '', context = folder, ...facts }: ExpectedFacts): ExpectedFacts {
  return { folder, context, ...facts };
}

interface Guessable<T> {
  readonly value: T;
  readonly guess?: string;
}

/** What `init` reads, in the form of what a person wrote down. */
export function factsOf({ folder, context, program: { facts } }: FoundProgram): ExpectedFacts {
  const { language, framework, manager, lock, runtime, build, start, port, health } = facts;
  return {
    ...{ folder, context, language },
    ...(framework !== undefined && { framework }),
    ...(manager !== undefined && { manager }),
    ...(lock !== undefined && { lock }),
    ...(runtime && { runtime: written(runtime, value => value) }),
    ...(build.length > 0 && { build: build.map(step => written(step, value => value)) }),
    ...(start && { start: written(start, words => words.join(' ')) }),
    ...(port && { port: written(port, value => `${value}`) }),
    ...(health && { health: written(health, value => value) }),
  };
}

function written<T>({ value, guess }: Guessable<T>, write: (value: T) => string): string {
  return `${guess === undefined ? '' : '?'}${write(value)}`;
}
