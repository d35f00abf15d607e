#!/bin/sh
# The whole pipeline on real parts, from a clean clone. `./demo.sh --keep` leaves it running to look around.
cd "$(dirname "$0")" || exit 1
. tools/install.sh
exec node_modules/.bin/node --conditions=slipway-source demo/main.ts "$@"
