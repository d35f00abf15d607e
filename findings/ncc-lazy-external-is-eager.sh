#!/bin/sh
# @vercel/ncc 0.45.0: in an ES module, import() of a package that is named as external becomes a static import at the top of
# the bundle, so the package is loaded at start even if the code never reaches the import().
# Input: a module that imports an external package lazily, behind a condition that is false. Output: node fails at start, as
# the package is not installed; the same source, unbundled, runs.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "type": "module", "private": true }' > package.json
npm install --silent --no-audit --no-fund @vercel/ncc@0.45.0
cat > entry.js <<'JS'
if (process.argv.length > 5) console.log(await import('a-package-that-is-not-installed'));
console.log('started');
JS
node entry.js
npx ncc build entry.js --external a-package-that-is-not-installed --out out --no-cache --quiet
if node out/index.js 2>error.txt; then
  echo 'this changed: the bundle starts without the external package' >&2
  exit 1
fi
grep -q ERR_MODULE_NOT_FOUND error.txt
grep -n "import .* from *['\"]a-package-that-is-not-installed" out/index.js
echo 'the bundle cannot start: ERR_MODULE_NOT_FOUND'
