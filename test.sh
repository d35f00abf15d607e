#!/bin/sh
# Everything that must hold before a change lands, from a clean clone on: types, lint, bundles, documents, workflows, tests.
set -eu
cd "$(dirname "$0")"
# Before anything is installed: who asks for help may not want it.
case " $* " in
*" --help "* | *" -h "*)
  cat <<'EOF'
Usage: ./test.sh [check …]

  types       the sources and the tests compile
  lint        Biome finds nothing to fix
  docs        lists, error codes and schemas are those of the sources
  dist        the bundles are those of the sources, byte for byte
  actionlint  the workflows are sound
  unit        unit tests
  parts       the programs of the testbed are built, so that no time limit of a test covers a build
  testbed     tests on the real parts
EOF
  exit 0
  ;;
esac
. tools/install.sh
exec node_modules/.bin/node --conditions=slipway-source tools/check.ts "$@"
