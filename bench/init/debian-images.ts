/**
 * Base images for the Dockerfiles that init writes, under the names that they have there, made from Debian's packages: no registry of
 * images is needed. Only for languages that Debian 13 has in a version that suits.
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, cp, mkdir, mkdtemp, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const MIRROR = 'http://deb.debian.org/debian';
const CERTIFICATES = '/etc/ssl/certs/ca-certificates.crt';

/** Where the certificates of this machine's own proxy are, for the programs that do not look there. */
const TRUST = ['SSL_CERT_FILE', 'NODE_EXTRA_CA_CERTS', 'PIP_CERT', 'REQUESTS_CA_BUNDLE']
  .map(name => `${name}=${CERTIFICATES}`)
  .join(' ');

const apt = (packages: string): string =>
  `RUN apt-get update -q && apt-get install -qy --no-install-recommends ${packages} && rm -rf /var/lib/apt/lists/*`;

/** By the pattern of the names that they take the place of: the lines after FROM. */
const IMAGES: readonly { readonly name: RegExp; readonly what: string; readonly lines: readonly string[] }[] =
  [
    {
      name: /^node:24-slim$/,
      what: "Debian 13, the npm package node's Node 24, npm",
      lines: [
        'COPY node /usr/local/bin/node',
        'COPY npm /usr/local/lib/node_modules/npm',
        'RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm && ln -s ../lib/node_modules/npm/bin/npx-cli.js /usr/local/bin/npx',
      ],
    },
    {
      name: /^python:3\.13-slim$/,
      what: "Debian 13's Python 3.13",
      lines: [apt('python3 python3-venv'), 'RUN ln -s python3 /usr/bin/python'],
    },
    {
      name: /^golang:1\.(?:22|24)$/,
      what: "Debian 13's Go 1.24",
      lines: [apt('golang-go'), 'ENV GOPATH=/go GOTOOLCHAIN=local'],
    },
    {
      name: /^gcr\.io\/distroless\/static-debian12:nonroot$/,
      what: 'Debian 13 without a package',
      lines: [],
    },
    {
      name: /^nginxinc\/nginx-unprivileged:/,
      what: "Debian 13's nginx, with the settings of that image",
      lines: [
        apt('nginx-light'),
        'COPY nginx.conf /etc/nginx/nginx.conf',
        'COPY default.conf /etc/nginx/conf.d/default.conf',
        'RUN mkdir -p /usr/share/nginx/html && useradd --system --uid 101 --user-group nginx || true',
        'CMD ["nginx", "-g", "daemon off;"]',
      ],
    },
  ];

const NGINX = `pid /tmp/nginx.pid;
error_log /dev/stderr;
events {}
http {
  include /etc/nginx/mime.types;
  access_log /dev/stdout;
  client_body_temp_path /tmp/client;
  proxy_temp_path /tmp/proxy;
  fastcgi_temp_path /tmp/fastcgi;
  uwsgi_temp_path /tmp/uwsgi;
  scgi_temp_path /tmp/scgi;
  include /etc/nginx/conf.d/*.conf;
}
`;
const NGINX_SITE = 'server {\n  listen 8080;\n  root /usr/share/nginx/html;\n}\n';

export interface Builder {
  readonly buildctl: string;
  readonly address: string;
  /** host:port of a registry without TLS. */
  readonly registry: string;
}

/** The image that takes the place of one, pushed to the registry; undefined if Debian has none. */
export async function debianImage(name: string, builder: Builder): Promise<string | undefined> {
  const found = IMAGES.find(image => image.name.test(name));
  if (found === undefined) return undefined;
  const context = await baseContext();
  const dockerfile = await mkdtemp(join(tmpdir(), 'slipway-base-'));
  const lines = [
    'FROM scratch',
    'ADD base.tar /',
    `ENV ${TRUST}`,
    `COPY ca-certificates.crt ${CERTIFICATES}`,
    ...found.lines,
  ];
  await writeFile(join(dockerfile, 'Dockerfile'), `${lines.join('\n')}\n`);
  const target = `${builder.registry}/debian/${name.replaceAll(/[^a-z0-9.]+/g, '-')}:1`;
  await build(builder, { context, dockerfile, target });
  await rm(dockerfile, { recursive: true });
  return target;
}

export interface ImageBuild {
  /** Folders. */
  readonly context: string;
  readonly dockerfile: string;
  /** The name that the image is pushed as. */
  readonly target: string;
  /** Images by the name in the Dockerfile that they take the place of. */
  readonly replaced?: Readonly<Record<string, string>>;
  /** The path of the Dockerfile in its folder. */
  readonly file?: string;
}

/** Builds and pushes. A warning of the linter is an error. */
export async function build(
  builder: Builder,
  { context, dockerfile, target, replaced = {}, file = 'Dockerfile' }: ImageBuild,
): Promise<void> {
  const named = Object.entries(replaced).flatMap(([name, image]) => [
    '--opt',
    `context:${name}=docker-image://${image}`,
  ]);
  const args = [
    ...['--addr', builder.address, 'build', '--progress', 'plain', '--frontend', 'dockerfile.v0'],
    ...['--local', `context=${context}`, '--local', `dockerfile=${dockerfile}`, '--opt', `filename=${file}`],
    ...['--opt', 'build-arg:BUILDKIT_DOCKERFILE_CHECK=error=true', ...named],
    ...['--output', `type=image,name=${target},push=true,registry.insecure=true`],
  ];
  await run(builder.buildctl, args, { maxBuffer: 2 ** 28 });
}

/** Debian's smallest system and what images copy, made once in the testbed's cache. */
async function baseContext(): Promise<string> {
  const cache = process.env['SLIPWAY_TESTBED_CACHE'] ?? join(homedir(), '.cache/slipway-testbed');
  const folder = join(cache, 'debian-13-base');
  if (existsSync(folder)) return folder;
  const unfinished = await mkdtemp(`${folder}.unfinished-`);
  await run('mmdebstrap', [
    '--quiet',
    '--variant=minbase',
    '--include=ca-certificates',
    'trixie',
    join(unfinished, 'base.tar'),
    MIRROR,
  ]);
  await copyFile(CERTIFICATES, join(unfinished, 'ca-certificates.crt'));
  await copyFile(await realpath(process.execPath), join(unfinished, 'node'));
  await cp(await npmFolder(), join(unfinished, 'npm'), { recursive: true });
  await writeFile(join(unfinished, 'nginx.conf'), NGINX);
  await writeFile(join(unfinished, 'default.conf'), NGINX_SITE);
  await mkdir(dirname(folder), { recursive: true });
  await rename(unfinished, folder);
  return folder;
}

/** The folder of the npm that this machine has. */
async function npmFolder(): Promise<string> {
  const { stdout } = await run('sh', ['-c', 'command -v npm']);
  return resolve(await realpath(stdout.trim()), '../..');
}
