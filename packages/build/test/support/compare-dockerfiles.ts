import { spawnSync } from 'node:child_process';
import { parseDockerfileSources } from '@slipway/build';
import { toolPath } from '@slipway/testbed';
import type { Question } from './random-dockerfiles.ts';

/** What BuildKit takes for the build of a stage. */
interface Taken {
  readonly target: string;
  readonly images: readonly string[];
  readonly network: readonly string[];
  readonly refused?: string;
}

/** What testbed/go/dockerfile answers. */
interface Answer {
  readonly unreadable?: string;
  readonly syntax?: string;
  readonly all?: Taken;
  readonly targets?: readonly Taken[];
}

export interface Comparison {
  readonly differences: readonly {
    readonly what: string;
    readonly question: Question;
    readonly here: unknown;
    readonly there: Answer;
  }[];
  readonly refused: number;
  /** Valid Dockerfiles whose sources are known here. */
  readonly known: number;
}

/** What BuildKit itself reads in the Dockerfiles. */
export async function askBuildkit(questions: readonly Question[]): Promise<readonly Answer[]> {
  const { stdout, stderr, status } = spawnSync(await toolPath('dockerfile'), {
    input: questions.map(question => JSON.stringify(question)).join('\n'),
    encoding: 'utf8',
    maxBuffer: 2 ** 30,
  });
  if (status !== 0) throw new Error(stderr);
  return stdout
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as Answer);
}

/** Compares what is read here with what BuildKit reads. */
export async function compareDockerfiles(questions: readonly Question[]): Promise<Comparison> {
  const answers = await askBuildkit(questions);
  const compared = questions.map((question, index) => compare(question, answers[index] ?? {}));
  return {
    differences: compared.flatMap(({ difference }) => difference ?? []),
    refused: answers.filter(isRefused).length,
    known: compared.filter(({ isKnown }) => isKnown).length,
  };
}

function compare(question: Question, there: Answer) {
  const here = parseDockerfileSources(question.dockerfile, question.args, []);
  const what =
    'unknown' in here ? unneeded(question, here.unknown, there) : missed(question, here.images, there);
  const difference = what === undefined ? undefined : { what, question, here, there };
  return { difference, isKnown: 'images' in here && !isRefused(there) };
}

function isRefused({ unreadable, targets = [] }: Answer): boolean {
  return unreadable !== undefined || targets.every(({ refused }) => refused !== undefined);
}

/** What is wrong with images that are said to be all. */
function missed({ dockerfile }: Question, images: readonly string[], there: Answer): string | undefined {
  if (there.unreadable !== undefined) return 'known here, unreadable there';
  if (isRefused(there) && isAboutSources(there)) return 'known here, refused there';
  const found = new Set(images.filter(image => image !== there.syntax).map(complete));
  const targets = (there.targets ?? []).filter(({ refused }) => refused === undefined);
  if (targets.some(({ network }) => network.length > 0)) return 'the network is missed';
  const used = new Set(
    [...targets, ...(there.all?.refused === undefined ? [there.all] : [])].flatMap(
      taken => taken?.images ?? [],
    ),
  );
  if ([...used].some(image => !found.has(image))) return 'an image is missed';
  // The triggers of a stage that nothing needs are not among all images there.
  const isComplete =
    there.all !== undefined && there.all.refused === undefined && !/onbuild/i.test(dockerfile);
  return isComplete && [...found].some(image => !used.has(image)) ? 'an image too many' : undefined;
}

/** Whether the refusal is of a name of a stage or an image, and not of a value that only a step of the build needs. */
function isAboutSources({ all }: Answer): boolean {
  return /base name|stage|reference|repository name|variable expansion|circular|mount from/.test(
    all?.refused ?? '',
  );
}

/** Why a Dockerfile would not have to be unknown. */
function unneeded(
  { dockerfile }: Question,
  why: string,
  { unreadable, all, targets = [] }: Answer,
): string | undefined {
  const isValid =
    unreadable === undefined &&
    all?.refused === undefined &&
    targets.every(({ refused }) => refused === undefined);
  if (!isValid || targets.some(({ network }) => network.length > 0)) return undefined;
  // Each is documented: a variable of the builder, a replacement in a variable, a variable in ADD, flags outside of ASCII, and a number that
  // BuildKit gives to an image behind the stages.
  if (/variable of the builder/.test(why) && /\$\{?(?:TARGET|BUILD)|\$\{\w+\//.test(dockerfile))
    return undefined;
  if (/outside of ASCII/.test(why) && /[^\0-\x7f]/.test(dockerfile)) return undefined;
  // Stages without a name are not built there, so that nothing triggers a mistake in them.
  if (/may refuse/.test(why) && /onbuild/i.test(dockerfile)) return undefined;
  if (/front of its end/.test(why) && /--from=["']?\+?\d/.test(dockerfile)) return undefined;
  if (/from the network/.test(why) && /\badd\b/i.test(dockerfile)) return undefined;
  return 'unknown without need';
}

/** The name of an image as BuildKit asks for it. */
function complete(image: string): string {
  const [first = '', ...more] = image.split('/');
  const isHost = more.length > 0 && /[.:A-Z]|^localhost$/.test(first);
  const whole = isHost ? image : `docker.io/${more.length === 0 ? 'library/' : ''}${image}`;
  return /:[^/]*$|@/.test(whole.replace(/^[^/]*\//, '')) ? whole : `${whole}:latest`;
}
