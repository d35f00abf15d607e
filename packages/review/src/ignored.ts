/**
 * Whether a field is one of those that are left out, or below one.
 * @param path as `readablePath` writes it
 * @param patterns the same, where `*` is anything within one step: `spec.template.metadata.annotations["*"]`
 */
export function isIgnored(path: string, patterns: readonly string[]): boolean {
  return patterns.some(pattern => matches(path, pattern));
}

const FIRST = /^(?:[^.[\]"]+|\["(?:[^"\\]|\\.)*"\]|\[[^.[\]"]+\])/;
const OTHER = /^(?:\.[^.[\]"]+|\["(?:[^"\\]|\\.)*"\]|\[[^[\]"]+\])/;

/** Whether a text is a path of a field from its beginning to its end, as `isIgnored` takes it: `spec.containers[*].image`. */
export function isFieldPath(text: string): boolean {
  let rest = text.trim();
  for (let step = FIRST; rest !== ''; step = OTHER) {
    const [found] = step.exec(rest) ?? [];
    if (found === undefined) return false;
    rest = rest.slice(found.length);
  }
  return text.trim() !== '';
}

/** Steps are compared one by one, so that a pattern cannot make the comparison slow. */
function matches(path: string, pattern: string): boolean {
  const [steps, wanted] = [stepsOf(path), stepsOf(pattern)];
  return (
    wanted.length > 0 &&
    wanted.length <= steps.length &&
    wanted.every((step, index) => fits(steps[index] ?? '', step))
  );
}

/** `a.b[c]` as `a`, `b`, `[c]`; a quoted name may contain any character. */
function stepsOf(path: string): readonly string[] {
  return path.match(/\["(?:[^"\\]|\\.)*"\]|\[[^\]]*\]|[^.[\]]+/g) ?? [];
}

function fits(step: string, wanted: string): boolean {
  const [first = '', ...others] = wanted.split('*');
  const last = others.pop();
  if (last === undefined) return step === wanted;
  if (!step.startsWith(first) || !step.endsWith(last) || step.length < first.length + last.length)
    return false;
  let from = first.length;
  for (const part of others) {
    const found = step.indexOf(part, from);
    if (found < 0 || found + part.length > step.length - last.length) return false;
    from = found + part.length;
  }
  return true;
}
