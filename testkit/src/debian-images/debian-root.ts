import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, cp, mkdir, mkdtemp, realpath, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { toolPath } from '@slipway/testbed';

const run = promisify(execFile);
const MIRROR = 'http://deb.debian.org/debian';
/** The certificates that this machine trusts: those of a company's own proxy are among them. */
const TRUSTED = '/etc/ssl/certs/ca-certificates.crt';
const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';
const OWN = '/usr/local/share/ca-certificates';

/** A release of Debian whose packages images are made of. */
export type Suite = 'bookworm' | 'trixie';

/** The lines that every image starts with: Debian's smallest system, and this machine's certificates. */
export const ROOT_LINES: readonly string[] = [
  'ADD base.tar /',
  `ENV ${['SSL_CERT_FILE', 'NODE_EXTRA_CA_CERTS', 'PIP_CERT', 'REQUESTS_CA_BUNDLE'].map(name => `${name}=${TRUSTED}`).join(' ')}`,
  `COPY certificates ${OWN}`,
  `COPY ca-certificates.crt ${TRUSTED}`,
];

const ROOTS = new Map<Suite, Promise<string>>();

/** The build context with the smallest system of that release, and with Node and npm, made once in the testbed's cache. */
export async function debianRoot(suite: Suite): Promise<string> {
  const root = ROOTS.get(suite) ?? makeRoot(suite);
  ROOTS.set(suite, root);
  return await root;
}

async function makeRoot(suite: Suite): Promise<string> {
  const folder = join(cache(), `debian-${suite}-root`);
  if (existsSync(folder)) return folder;
  await mkdir(cache(), { recursive: true });
  const unfinished = await mkdtemp(`${folder}.unfinished-`);
  const program = await toolPath('mmdebstrap');
  const options = ['--quiet', '--variant=minbase', '--include=ca-certificates', ...keyring(program)];
  await run(program, [...options, suite, join(unfinished, 'base.tar'), MIRROR], { maxBuffer: 2 ** 26 });
  await copyFile(TRUSTED, join(unfinished, 'ca-certificates.crt'));
  await mkdir(join(unfinished, 'certificates'));
  if (existsSync(OWN)) await cp(OWN, join(unfinished, 'certificates'), { recursive: true });
  await copyFile(await realpath(process.execPath), join(unfinished, 'node'));
  await cp(await npmFolder(), join(unfinished, 'npm'), { recursive: true });
  await rename(unfinished, folder).catch(async error => {
    // Another process was faster.
    if (!existsSync(folder)) throw error;
    await rm(unfinished, { recursive: true });
  });
  return folder;
}

/** The archive's keys, where this machine is another system than Debian. */
function keyring(program: string): readonly string[] {
  if (existsSync(KEYRING)) return [];
  return [`--keyring=${join(dirname(program), '../root', KEYRING)}`];
}

function cache(): string {
  return process.env['SLIPWAY_TESTBED_CACHE'] ?? join(homedir(), '.cache/slipway-testbed');
}

/** The folder of the npm that this machine has. */
async function npmFolder(): Promise<string> {
  const { stdout } = await run('sh', ['-c', 'command -v npm']);
  return resolve(dirname(await realpath(stdout.trim())), '..');
}
