#!/bin/sh
# The whole pipeline on real parts, from a clean clone: `npm run demo`, and `npm run demo -- --keep` to look around afterwards.
cd "$(dirname "$0")/.." || exit 1
. tools/install.sh
exec node_modules/.bin/node --conditions=slipway-source demo/main.ts "$@"
