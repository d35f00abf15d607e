#!/bin/sh
# k8s.io/apimachinery 0.37.2: StrategicMergePatch, which an API server uses for `kubectl patch` and kubectl for client-side apply,
# finds the ports of a Service by their number alone, though server-side apply and the Service itself tell them apart by protocol too.
# Input: a Service with 443/TCP and 443/UDP, and a patch that gives 443/UDP a nodePort. Output: 443/TCP has become a second 443/UDP
# with that nodePort, and the port that was meant has none; no error.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat > go.mod <<'MOD'
module finding
go 1.26
require (
	k8s.io/api v0.37.2
	k8s.io/apimachinery v0.37.2
)
MOD
cat > main.go <<'GO'
package main

import (
	"fmt"
	"os"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/strategicpatch"
)

const live = `{"spec":{"ports":[{"name":"https","port":443,"protocol":"TCP"},{"name":"quic","port":443,"protocol":"UDP"}]}}`
const patch = `{"spec":{"ports":[{"port":443,"protocol":"UDP","nodePort":30443}]}}`
const expected = `{"spec":{"ports":[{"name":"https","nodePort":30443,"port":443,"protocol":"UDP"},{"name":"quic","port":443,"protocol":"UDP"}]}}`

func main() {
	patched, err := strategicpatch.StrategicMergePatch([]byte(live), []byte(patch), corev1.Service{})
	if err != nil {
		panic(err)
	}
	fmt.Println(string(patched))
	if string(patched) != expected {
		fmt.Fprintln(os.Stderr, "this changed")
		os.Exit(1)
	}
}
GO
go mod tidy >/dev/null 2>&1
go run .
