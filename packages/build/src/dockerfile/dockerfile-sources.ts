import { quote } from '@slipway/core';
import { frontendOf } from './directives.ts';
import { globalArguments } from './global-arguments.ts';
import { familiarName, isImageName, isKnownFrontend } from './image-names.ts';
import { mountedFrom } from './mounts.ts';
import { addsFromNetwork } from './network.ts';
import { BUILDER_VALUE, expandWord } from './shell-words.ts';
import { type CheckedInstruction, parseStages, parseTrigger, type Stage } from './stages.ts';
import { UnreadableDockerfile } from './unreadable.ts';

/** The images that a Dockerfile uses, or why they are not known before the build. */
export type DockerfileSources = { readonly images: readonly string[] } | { readonly unknown: string };

/** Characters of a Dockerfile; builders join its lines, so that one instruction may be as long. */
const SIZE = 250_000;

/** Instructions that all stages trigger together; each stage may trigger those of another again. */
const TRIGGERS = 1000;

/**
 * The images that a Dockerfile starts, copies or mounts from, in any of its stages, and that of its frontend. They are `unknown` if
 * a name depends on a variable that only the builder knows, if a file comes from the network, or if it is not certain how BuildKit
 * reads the Dockerfile: then only a build shows the result.
 * https://docs.docker.com/reference/dockerfile/
 * @param args build arguments
 * @param contexts names that are not images: contexts and other services
 */
export function parseDockerfileSources(
  text: string,
  args: Readonly<Record<string, string>>,
  contexts: readonly string[],
): DockerfileSources {
  // Other bytes than those of UTF-8 were replaced when the file was read, and may differ from each other.
  if (text.length > SIZE || text.includes('\ufffd'))
    return { unknown: 'its Dockerfile is too large or not in UTF-8' };
  try {
    return sourcesOf(text, args, contexts);
  } catch (error) {
    if (!(error instanceof UnreadableDockerfile)) throw error;
    const prefix = error.line === undefined ? '' : `line ${error.line} of `;
    return { unknown: `BuildKit may refuse ${prefix}its Dockerfile: ${error.message}` };
  }
}

function sourcesOf(
  text: string,
  args: Readonly<Record<string, string>>,
  contexts: readonly string[],
): DockerfileSources {
  const frontend = frontendOf(text, args);
  if (frontend !== undefined && !isKnownFrontend(frontend))
    return { unknown: 'its Dockerfile names a frontend other than docker/dockerfile from 1.4' };
  const { escapeChar, globalArguments: declared, stages } = parseStages(text);
  const lookUp = globalArguments(declared, args, escapeChar);
  const graph = stageGraph(stages, word => expandWord(word, escapeChar, lookUp));
  const instructions = graph.flatMap(stage => stage.instructions);
  if (instructions.some(instruction => addsFromNetwork(instruction, escapeChar)))
    return { unknown: 'its Dockerfile adds a file from the network' };
  const names = [...graph.map(stage => stage.image), ...copiedFrom(graph, escapeChar)];
  const images = names.filter(name => name !== undefined && !isOther(name, contexts)) as string[];
  if (images.some(image => image.includes(BUILDER_VALUE)))
    return { unknown: 'its Dockerfile names an image by a variable of the builder' };
  const wrong = images.find(image => !isImageName(image));
  if (wrong !== undefined) throw new UnreadableDockerfile(`${quote(wrong)} is not the name of an image`);
  return { images: [...new Set([...images, ...(frontend === undefined ? [] : [frontend])])].sort() };
}

/** A stage with the triggers of the stage that it starts from. */
interface LinkedStage {
  /** Undefined if it starts from another stage. */
  readonly image: string | undefined;
  readonly name: string | undefined;
  readonly instructions: readonly CheckedInstruction[];
}

function stageGraph(stages: readonly Stage[], expand: (word: string) => string): LinkedStage[] {
  const named = new Map<string, Stage>();
  let triggers = 0;
  return stages.map(stage => {
    const image = expand(stage.base);
    if (image === '' || (stage.platform !== undefined && expand(stage.platform) === ''))
      throw new UnreadableDockerfile('FROM without a name or platform');
    const base = named.get(image);
    if (stage.name !== undefined) named.set(stage.name, stage);
    const texts = base?.instructions.flatMap(({ trigger }) => trigger ?? []) ?? [];
    triggers += texts.length;
    if (triggers > TRIGGERS) throw new UnreadableDockerfile('too many triggers');
    const triggered = texts.map(parseTrigger);
    return {
      image: base === undefined ? image : undefined,
      name: stage.name,
      instructions: [...triggered, ...stage.instructions],
    };
  });
}

/** What is neither a stage nor the context of `COPY --from=…` and `RUN --mount=…,from=…`. */
function copiedFrom(stages: readonly LinkedStage[], escapeChar: string): string[] {
  const indexOf = new Map(stages.flatMap(({ name }, index) => (name === undefined ? [] : [[name, index]])));
  return stages.flatMap(({ instructions }, index) =>
    instructions.flatMap(instruction => {
      const from =
        instruction.name === 'copy' ? copySource(instruction, escapeChar) : mountSources(instruction);
      return from.flatMap(name => {
        const isNumber = instruction.name === 'copy' && /^[+-]?\d{1,15}$/.test(name);
        const stage = isNumber ? Number(name) : indexOf.get(name.toLowerCase());
        if (stage === undefined) return name;
        if (stage >= 0 && stage < index) return [];
        throw new UnreadableDockerfile('a stage is used in front of its end');
      });
    }),
  );
}

function copySource({ values }: CheckedInstruction, escapeChar: string): string[] {
  const [from = ''] = values.get('from') ?? [];
  if (expandWord(from, escapeChar, () => undefined) !== from)
    throw new UnreadableDockerfile('COPY takes from a variable');
  return from === '' ? [] : [from];
}

function mountSources({ name, values }: CheckedInstruction): string[] {
  return name === 'run' ? (values.get('mount') ?? []).flatMap(mount => mountedFrom(mount) ?? []) : [];
}

/** An empty image or a context; that named "context" is the one which needs no name. */
function isOther(image: string, contexts: readonly string[]): boolean {
  if (image === 'scratch') return true;
  const name = familiarName(image);
  return !/^(?:scratch|context)$/i.test(name) && contexts.includes(name);
}
