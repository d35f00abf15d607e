import type { Manifest } from './manifest.ts';

/** What a framework decides about its programs. */
export interface Framework {
  readonly name: string;
  /** A dependency, or one of development, by which it is known. */
  readonly by: string;
  /** The folder of files that its build writes, where a web server serves them. */
  readonly site?: string;
  /** Why that folder is a guess. */
  readonly siteGuess?: string;
  /** Variables in front of the command that builds it, and why they are a guess. */
  readonly building?: { readonly variables: string; readonly guess: string };
  /** Every address that is not a file gets index.html. */
  readonly isSinglePage?: boolean;
  /** What starts it, where package.json has nothing for production. */
  readonly start?: readonly string[];
  readonly port?: number;
  /** Variables that make it listen to others than its own machine. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Folders that it writes to while it runs, below its own. */
  readonly writes?: readonly string[];
}

/** The first that fits: a framework with a server is before the tools that it is built with. */
export const FRAMEWORKS: readonly Framework[] = [
  { name: 'Next.js', by: 'next', start: ['next', 'start'], port: 3000, writes: ['.next/cache'] },
  { name: 'Nuxt', by: 'nuxt', start: ['node', '.output/server/index.mjs'], port: 3000 },
  { name: 'SvelteKit', by: '@sveltejs/adapter-node', start: ['node', 'build'], port: 3000 },
  { name: 'SvelteKit', by: '@sveltejs/adapter-static', site: 'build' },
  {
    name: 'SvelteKit',
    by: '@sveltejs/adapter-auto',
    start: ['node', 'build'],
    port: 3000,
    building: {
      variables: 'GCP_BUILDPACKS=1',
      guess:
        'adapter-auto fetches @sveltejs/adapter-node only where this is set; a dependency on adapter-node needs no guess',
    },
  },
  {
    name: 'Astro',
    by: '@astrojs/node',
    start: ['node', 'dist/server/entry.mjs'],
    port: 4321,
    environment: { HOST: '0.0.0.0' },
  },
  { name: 'React Router', by: '@react-router/serve', port: 3000 },
  { name: 'Remix', by: '@remix-run/serve', port: 3000 },
  { name: 'Nest', by: '@nestjs/core', start: ['node', 'dist/main'], port: 3000 },
  { name: 'Fastify', by: 'fastify-cli', port: 3000, environment: { FASTIFY_ADDRESS: '0.0.0.0' } },
  { name: 'Fastify', by: 'fastify', port: 3000 },
  { name: 'Express', by: 'express', port: 3000 },
  { name: 'Koa', by: 'koa', port: 3000 },
  { name: 'Hono', by: '@hono/node-server', port: 3000 },
  { name: 'hapi', by: '@hapi/hapi', port: 3000 },
  { name: 'Docusaurus', by: '@docusaurus/core', site: 'build' },
  { name: 'Gatsby', by: 'gatsby', site: 'public' },
  { name: 'Eleventy', by: '@11ty/eleventy', site: '_site' },
  { name: 'Astro', by: 'astro', site: 'dist' },
  { name: 'Create React App', by: 'react-scripts', site: 'build', isSinglePage: true },
  { name: 'Vue CLI', by: '@vue/cli-service', site: 'dist', isSinglePage: true },
  { name: 'Parcel', by: 'parcel', site: 'dist' },
  { name: 'Vite', by: 'vite', site: 'dist', isSinglePage: true },
];

/** The framework of these dependencies. SvelteKit with an adapter that suits no container is not one. */
export function frameworkOf(dependencies: Readonly<Record<string, string>>): Framework | undefined {
  const found = FRAMEWORKS.find(({ by }) => Object.hasOwn(dependencies, by));
  return found?.by === 'vite' && isSvelteKit(dependencies) ? undefined : found;
}

/** What builds pages with a tool that is not known; undefined for a library, which has an entry for others. */
export function unknownSite({ scripts, isLibrary, ...manifest }: Manifest): Framework | undefined {
  const dependencies = { ...manifest.developed, ...manifest.dependencies };
  if (scripts['build'] === undefined || isLibrary || isSvelteKit(dependencies)) return undefined;
  return {
    name: '',
    by: '',
    site: 'dist',
    siteGuess: 'no framework is known; its build script is taken as one that writes pages to this folder',
  };
}

function isSvelteKit(dependencies: Readonly<Record<string, string>>): boolean {
  return Object.hasOwn(dependencies, '@sveltejs/kit');
}
