/** A fenced block of a page. */
export interface Block {
  readonly language: string;
  readonly text: string;
}

/** The fenced blocks of a page that begin at the margin, in their order. */
export function blocksOf(markdown: string): readonly Block[] {
  return [...markdown.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, language = '', text = '']) => ({
    language,
    text,
  }));
}

/** The text of the blocks in one language. */
export function blocksIn(markdown: string, language: string): readonly string[] {
  return blocksOf(markdown)
    .filter(block => block.language === language)
    .map(({ text }) => text);
}

/** Blocks that begin with a comment that names their file, by that path. */
export function filesOf(blocks: readonly Pick<Block, 'text'>[]): Map<string, string> {
  return new Map(
    blocks.flatMap(({ text }) => {
      const [, path, content = ''] =
        /^(?:#|<!--) ([\w./-]+\.\w+|(?:\w+\/)*Dockerfile)(?: -->)?\n(.*)$/s.exec(text) ?? [];
      return path === undefined ? [] : [[path, content] as const];
    }),
  );
}
