#!/bin/sh
# @vercel/ncc 0.45.0: --minify shortens the entry's file only; a chunk that a lazy import() makes stays as it was written,
# comments included.
# Input: an entry and a module that it imports lazily, each with the same long comment. Output: the comment is gone from the
# entry's file and is still in the chunk.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "type": "module", "private": true }' > package.json
npm install --silent --no-audit --no-fund @vercel/ncc@0.45.0
comment='// This sentence is a comment that no minifier keeps.'
printf '%s\nconst { late } = await import("./late.js");\nconsole.log(late());\n' "$comment" > entry.js
printf '%s\nexport function late() {\n  const aVeryLongNameOfAVariable = 42;\n  return aVeryLongNameOfAVariable;\n}\n' "$comment" > late.js
npx ncc build entry.js --minify --out out --no-cache --quiet
node out/index.js
if grep -q 'no minifier keeps' out/index.js; then
  echo 'this changed: the entry is not minified' >&2
  exit 1
fi
if ! grep -l 'no minifier keeps' out/[0-9]*.index.js; then
  echo 'this changed: chunks are minified too' >&2
  exit 1
fi
