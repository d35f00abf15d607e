#!/bin/sh
# All tests, from a clean clone: `npm run test:all`. The last line says how many passed and failed.
cd "$(dirname "$0")/.." || exit 1
. tools/install.sh
results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT

status=0
npm test --silent -- --json --outputFile="$results/unit.json" || status=1
npm run test:itg --silent -- --json --outputFile="$results/testbed.json" --maxWorkers=2 || status=1
node_modules/.bin/node tools/count-tests.ts "$results/unit.json" "$results/testbed.json" || status=1
exit $status
