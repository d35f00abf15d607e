#!/bin/sh
# The whole pipeline on real parts, from a clean clone. `./demo.sh --keep` leaves it running to look around.
cd "$(dirname "$0")" || exit 1
# Before anything is installed: who asks for help may not want it.
case " $* " in
*" --help "* | *" -h "*)
  cat <<'EOF'
Usage: ./demo.sh [options]

  --keep        leave cluster, registry and builder running at the end
  --use-docker  a running Docker for the registry and BuildKit, instead of building them
  --use-assets  etcd, kube-apiserver and what else KUBEBUILDER_ASSETS has, instead of building them
EOF
  exit 0
  ;;
esac
. tools/install.sh
exec node_modules/.bin/node --conditions=slipway-source demo/main.ts "$@"
