import { resolve, sep } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/** Settings under which Git takes no folder of files for a repository and starts neither hook nor monitor. */
const SAFE = ['safe.bareRepository=explicit', 'core.fsmonitor=false', 'core.hooksPath=/dev/null'];

/**
 * Settings that outweigh those of the checkout, the user and the system: no hook, file system monitor, pager or signature program,
 * no transport that is a command, no maintenance in the background, and no download that stalls.
 *
 * Three things are left as the job set them up:
 * - **How to log in** (`http.extraheader`, `core.sshCommand`, credential helpers), since fetches need it.
 * - **The system's and the user's configuration**, since proxies, certificates, `insteadOf` and, after `git lfs install`, the filters
 *   of LFS are set there. No commit can write these files, except where the home folder is inside the checkout: see `gitEnvironment`.
 * - **Filters** (`filter.lfs.clean`), since without them `git status` would call every LFS file changed. Attributes in a commit can
 *   only name filters that a configuration defines, and the only configurations that are read are those that the job wrote.
 */
const SETTINGS = [
  ...SAFE,
  'core.pager=cat',
  'log.showSignature=false',
  'protocol.ext.allow=never',
  'submodule.recurse=false',
  'fetch.recurseSubmodules=false',
  'fetch.writeCommitGraph=false',
  'fetch.prune=false',
  'maintenance.auto=false',
  'gc.auto=0',
  'credential.interactive=false',
  'http.lowSpeedLimit=1000',
  'http.lowSpeedTime=30',
];

/** The job made the checkout, so that it does not matter which user owns its folder. */
export function checkoutSettings(checkout: string): readonly string[] {
  return [...SETTINGS, `safe.directory=${checkout}`];
}

/** Variables that could show Git another repository or make it run a program, and the secrets of the step, which Git does not need. */
const DROPPED = /^(?:GIT_(?!SSL_|SSH|CONFIG_|HTTP_|PROXY_)|INPUT_|ACTIONS_)/;

/**
 * The environment for Git in a checkout. Replaced objects are ignored, since a commit is what its id says; paths are never patterns;
 * and a home folder inside the checkout, where a commit can write `.gitconfig`, is not read.
 */
export function gitEnvironment(environment: Environment, checkout: string): Environment {
  return {
    ...Object.fromEntries(Object.entries(environment).filter(([name]) => !DROPPED.test(name))),
    GIT_TERMINAL_PROMPT: '0',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_LITERAL_PATHSPECS: '1',
    GIT_ALLOW_PROTOCOL: 'https:http:ssh:git:file',
    LC_ALL: 'C',
    ...(hasHomeIn(checkout, environment) ? { GIT_CONFIG_GLOBAL: '/dev/null' } : {}),
  };
}

/** Where the user's configuration is looked for: https://git-scm.com/docs/git-config#FILES */
function hasHomeIn(checkout: string, environment: Environment): boolean {
  const root = resolve(checkout);
  return ['HOME', 'XDG_CONFIG_HOME', 'GIT_CONFIG_GLOBAL'].some(name => {
    const folder = environment[name];
    return folder !== undefined && folder !== '' && `${resolve(folder)}${sep}`.startsWith(`${root}${sep}`);
  });
}

/**
 * The environment for another program that starts Git by itself and lets it look for a repository, as buildx does in a build context
 * for its provenance (https://github.com/docker/buildx/blob/v0.30.1/build/git.go): there too, files of a commit are not a repository.
 * https://git-scm.com/docs/git-config#ENVIRONMENT
 */
export function withSafeGit(environment: Environment): Environment {
  const count = Number.parseInt(environment['GIT_CONFIG_COUNT'] ?? '', 10) || 0;
  const added = SAFE.flatMap((setting, index) => {
    const [name, value] = setting.split('=');
    return [
      [`GIT_CONFIG_KEY_${count + index}`, name],
      [`GIT_CONFIG_VALUE_${count + index}`, value],
    ];
  });
  return { ...environment, ...Object.fromEntries(added), GIT_CONFIG_COUNT: String(count + SAFE.length) };
}
