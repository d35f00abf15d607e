import { execFile } from 'node:child_process';
import { access, copyFile, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { SlipwayError } from '@slipway/core';
import type { TestbedErrorCode } from '../error-codes.ts';
import { type BuildContext, runGo } from './go.ts';

const run = promisify(execFile);

/**
 * A Go module for a Kubernetes version that go/control-plane and go/kubelet do not pin: the same main.go, and a go.mod derived from
 * that version's own. Its checksums come from Go's checksum database instead of a committed go.sum. It is written once.
 */
export async function writeKubernetesModule(
  name: string,
  version: string,
  pinned: string,
  cache: string,
  context: BuildContext,
): Promise<string> {
  const folder = join(cache, 'modules', `${name}-${version}`);
  const written = await access(folder).then(
    () => true,
    () => false,
  );
  if (written) return folder;
  const unfinished = `${folder}.${process.pid}`;
  await mkdir(unfinished, { recursive: true });
  try {
    await copyFile(join(pinned, 'main.go'), join(unfinished, 'main.go'));
    const upstream = await readUpstreamModule(version, unfinished, context);
    await writeFile(join(unfinished, 'go.mod'), kubernetesModule(name, version, upstream));
    await tidy(name, version, unfinished, cache, context);
    await rename(unfinished, folder).catch((error: NodeJS.ErrnoException) => {
      // Another process was faster.
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    });
    return folder;
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}

async function readUpstreamModule(version: string, cwd: string, context: BuildContext): Promise<string> {
  const args = ['mod', 'download', '-json', `k8s.io/kubernetes@v${version}`];
  const { stdout } = await run('go', args, { cwd, env: { ...context.environment, GOWORK: 'off' } });
  const { GoMod } = JSON.parse(stdout) as { GoMod: string };
  return await readFile(GoMod, 'utf8');
}

/** The requirements of a part besides Kubernetes, with the version of etcd from upstream's go.mod. */
const REQUIREMENTS: Readonly<Record<string, (etcd: string, staging: string) => string[]>> = {
  'control-plane': (etcd, staging) => [`go.etcd.io/etcd/server/v3 ${etcd}`, `k8s.io/kubectl ${staging}`],
};

/**
 * The go.mod of one of Kubernetes' parts in that version, from the go.mod of k8s.io/kubernetes: Kubernetes replaces its staging
 * modules by folders of its repository, which are published as k8s.io/X v0.<minor>.<patch>.
 */
export function kubernetesModule(name: string, version: string, upstream: string): string {
  const staging = `v${version.replace(/^1\./, '0.')}`;
  const [, go = '1.26.0'] = /^go (\S+)$/m.exec(upstream) ?? [];
  const [, etcd = ''] = /^\s*go\.etcd\.io\/etcd\/client\/v3 (\S+)/m.exec(upstream) ?? [];
  const modules = [...upstream.matchAll(/^\s*(k8s\.io\/\S+) => \.\/staging\//gm)].map(([, name]) => name);
  const requirements = [
    `k8s.io/component-base ${staging}`,
    `k8s.io/kubernetes v${version}`,
    ...(REQUIREMENTS[name]?.(etcd, staging) ?? []),
  ];
  return [
    `module slipway.dev/testbed/${name}`,
    '',
    `go ${go}`,
    '',
    'require (',
    ...requirements.sort().map(line => `\t${line}`),
    ')',
    '',
    ...modules.map(name => `replace ${name} => ${name} ${staging}`),
    '',
  ].join('\n');
}

async function tidy(
  name: string,
  version: string,
  cwd: string,
  cache: string,
  context: BuildContext,
): Promise<void> {
  const log = join(cache, 'logs', `${name}-${version}-module.log`);
  context.progress.line(`${context.prefix ?? ''}${name} ${version}: looking up its modules`);
  const status = await runGo({ cwd, args: ['mod', 'tidy'], cgo: false }, log, () => {}, context);
  if (status === 0) return;
  throw new SlipwayError<TestbedErrorCode>({
    code: 'testbed-build',
    message: `the modules of Kubernetes ${version} could not be looked up`,
    remedy: `see ${log}`,
  });
}
