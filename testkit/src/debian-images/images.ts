import type { Suite } from './debian-root.ts';
import { nginxLines, PHP_LINES, POSTGRES_LINES, POSTGRES_USER } from './servers.ts';

/** An image whose content comes from Debian's packages, under the names that Dockerfiles have for it. */
export interface DebianImage {
  /** With the registry. */
  readonly name: RegExp;
  readonly suite: Suite;
  /** Whether images start from it that run; the layers of the others are not compressed, as no one waits for their size. */
  readonly runs?: true;
  /** The lines of its Dockerfile after those of the smallest system, which is the stage `root`. */
  readonly lines: readonly string[];
}

/** What runs without a package: users, and what programs of C and Rust are linked with. */
const PASSWD = 'COPY --from=root /etc/passwd /etc/group /etc/';
const SMALLEST = ['FROM scratch', PASSWD, 'COPY --from=root /tmp /tmp', 'USER 65532'];
const C_LIBRARY = [
  'RUN mkdir -p /out/usr/lib64 /out/usr/lib/x86_64-linux-gnu && cp -a /usr/lib64/. /out/usr/lib64/ \\',
  '    && ln -s usr/lib /out/lib && ln -s usr/lib64 /out/lib64 && cd /usr/lib/x86_64-linux-gnu \\',
  '    && cp -a ld-linux* libc.so* libm.so* libdl.so* libpthread.so* librt.so* libgcc_s.so* /out/usr/lib/x86_64-linux-gnu/',
];

const LIBRARY = String.raw`^docker\.io/library/`;
/** Java has a store of its own, which only knows what Debian brings until it is made again. */
const JAVA_TRUST = 'RUN update-ca-certificates --fresh';
const java = (suite: Suite, version: number): readonly DebianImage[] => [
  {
    name: new RegExp(`${LIBRARY}eclipse-temurin:${version}-jdk$`),
    suite,
    lines: [packages(`openjdk-${version}-jdk-headless`), JAVA_TRUST],
  },
  {
    name: new RegExp(`${LIBRARY}eclipse-temurin:${version}-jre$`),
    runs: true,
    suite,
    lines: [packages(`openjdk-${version}-jre-headless`)],
  },
  {
    name: new RegExp(`${LIBRARY}maven:3\\.9-eclipse-temurin-${version}$`),
    suite,
    lines: [packages(`openjdk-${version}-jdk-headless maven`), JAVA_TRUST],
  },
];

/** Versions are those of Debian, which are near those of the names: bench/results/init.md says which differ. */
export const DEBIAN_IMAGES: readonly DebianImage[] = [
  {
    name: new RegExp(`${LIBRARY}node:24-slim$`),
    runs: true,
    suite: 'trixie',
    lines: [
      'COPY node /usr/local/bin/node',
      'COPY npm /usr/local/lib/node_modules/npm',
      'RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm \\',
      '    && ln -s ../lib/node_modules/npm/bin/npx-cli.js /usr/local/bin/npx',
    ],
  },
  {
    name: new RegExp(`${LIBRARY}python:3\\.1[2-4](?:-slim)?(?:-bookworm|-trixie)?$`),
    runs: true,
    suite: 'trixie',
    lines: [
      packages('python3 python3-venv python3-pip'),
      'RUN ln -s python3 /usr/bin/python && rm -f /usr/lib/python3.13/EXTERNALLY-MANAGED',
    ],
  },
  {
    name: new RegExp(`${LIBRARY}golang:1\\.2[2-4]$`),
    suite: 'trixie',
    lines: [packages('golang-go'), 'ENV GOPATH=/go GOTOOLCHAIN=local'],
  },
  { name: /^gcr\.io\/distroless\/static-debian12:nonroot$/, runs: true, suite: 'trixie', lines: SMALLEST },
  {
    name: new RegExp(`${LIBRARY}rust:1\\.\\d+-slim-bookworm$`),
    suite: 'trixie',
    lines: [packages('rustc cargo gcc libc6-dev'), 'ENV CARGO_HOME=/usr/local/cargo'],
  },
  {
    name: /^gcr\.io\/distroless\/cc-debian12:nonroot$/,
    runs: true,
    suite: 'trixie',
    lines: [...C_LIBRARY, ...SMALLEST, 'COPY --from=root /out/ /'],
  },
  ...java('bookworm', 17),
  ...java('trixie', 21),
  {
    name: new RegExp(`${LIBRARY}ruby:3\\.3(?:\\.\\d+)?-slim$`),
    runs: true,
    suite: 'trixie',
    lines: [
      packages('ruby ruby-bundler'),
      'ENV GEM_HOME=/usr/local/bundle BUNDLE_APP_CONFIG=/usr/local/bundle',
    ],
  },
  { name: new RegExp(`${LIBRARY}php:8\\.[34]-apache$`), runs: true, suite: 'trixie', lines: PHP_LINES },
  { name: new RegExp(`${LIBRARY}composer:2$`), suite: 'trixie', lines: [packages('composer unzip git')] },
  {
    name: /^docker\.io\/nginxinc\/nginx-unprivileged:1\.\d+-alpine$/,
    runs: true,
    suite: 'trixie',
    lines: [packages('nginx-light'), ...nginxLines(8080)],
  },
  {
    name: new RegExp(`${LIBRARY}nginx:1\\.\\d+(?:\\.\\d+)?(?:-alpine)?$`),
    runs: true,
    suite: 'trixie',
    lines: [packages('nginx-light'), ...nginxLines(80)],
  },
  {
    name: new RegExp(`${LIBRARY}redis:8(?:\\.\\d)?$`),
    runs: true,
    suite: 'trixie',
    lines: [packages('redis-server'), 'WORKDIR /data', 'CMD ["redis-server", "--protected-mode", "no"]'],
  },
  {
    name: new RegExp(`${LIBRARY}postgres:17$`),
    runs: true,
    suite: 'trixie',
    lines: [POSTGRES_USER, packages('postgresql-17'), ...POSTGRES_LINES],
  },
];

function packages(names: string): string {
  return `RUN apt-get update -q && apt-get install -qy --no-install-recommends ${names} && rm -rf /var/lib/apt/lists/*`;
}
