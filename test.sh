#!/bin/sh
# Everything that must hold before a change lands, from a clean clone on: types, lint, bundles, documents, workflows, tests.
# `./test.sh --help` says how to run a part of it.
set -eu
cd "$(dirname "$0")"
. tools/install.sh
exec node_modules/.bin/node --conditions=slipway-source tools/check.ts "$@"
