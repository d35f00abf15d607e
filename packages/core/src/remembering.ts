/**
 * A function of a text with the answers to its last texts at hand, for what is asked again and again about a few of them. After `most`
 * texts it starts over, so that what strangers write cannot fill the memory.
 */
export function remembering<Result>(
  most: number,
  answer: (text: string) => Result,
): (text: string) => Result {
  const known = new Map<string, Result>();
  return text => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const result = answer(text);
    if (known.size >= most) known.clear();
    known.set(text, result);
    return result;
  };
}
