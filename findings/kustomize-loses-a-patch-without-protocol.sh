#!/bin/sh
# sigs.k8s.io/kustomize/api 0.21.1: a strategic merge patch for a port of a Service disappears without a word if only one of base
# and patch writes `protocol: TCP`, which is the default of the field; so it does if neither writes it and another port has it.
# Input: a Service whose port 443 a patch gives a nodePort, with the protocol in both, in the patch only, in the base only, and in
# neither beside a second port with UDP. Output: the nodePort is there in the first case, and nowhere in the other three; no error.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat > go.mod <<'MOD'
module finding
go 1.25
require (
	sigs.k8s.io/kustomize/api v0.21.1
	sigs.k8s.io/kustomize/kyaml v0.21.1
)
MOD
cat > main.go <<'GO'
package main

import (
	"fmt"
	"os"
	"strings"

	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"
)

const service = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {ports: [%s]}\n"

// build tells whether the nodePort of the patch is in what kustomize makes.
func build(base, patch string) bool {
	files := filesys.MakeFsInMemory()
	write := func(name, text string) {
		if err := files.WriteFile("/app/"+name, []byte(text)); err != nil {
			panic(err)
		}
	}
	write("kustomization.yaml", "resources: [service.yaml]\npatches: [{path: patch.yaml}]\n")
	write("service.yaml", fmt.Sprintf(service, base))
	write("patch.yaml", fmt.Sprintf(service, patch))
	made, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(files, "/app")
	if err != nil {
		panic(err)
	}
	text, err := made.AsYaml()
	if err != nil {
		panic(err)
	}
	return strings.Contains(string(text), "nodePort: 30443")
}

func main() {
	const https, tcp, udp = "{name: https, port: 443}", "{name: https, port: 443, protocol: TCP}", "{name: quic, port: 443, protocol: UDP}"
	const patch, patchTCP = "{port: 443, nodePort: 30443}", "{port: 443, protocol: TCP, nodePort: 30443}"
	cases := []struct {
		what, base, patch string
		kept              bool
	}{
		{"protocol in both", tcp, patchTCP, true},
		{"protocol in the patch only", https, patchTCP, false},
		{"protocol in the base only", tcp, patch, false},
		{"protocol in neither, and a second port with UDP", https + ", " + udp, patch, false},
	}
	changed := false
	for _, each := range cases {
		kept := build(each.base, each.patch)
		fmt.Printf("%s: the patch is kept: %t\n", each.what, kept)
		changed = changed || kept != each.kept
	}
	if changed {
		fmt.Fprintln(os.Stderr, "this changed")
		os.Exit(1)
	}
}
GO
go mod tidy >/dev/null 2>&1
go run .
