#!/bin/sh
# sigs.k8s.io/yaml 1.6.0, by which kubectl and Kubernetes' own programs read manifests: in YAML without quotes, 0b-1 and 0b+11 are
# numbers, with the sign behind the prefix; 0o-7 is text. 0777 is octal, but 0888 is decimal.
# Input: each of them as the value of a key. Output: -1, 3, "0o-7", 511 and 888.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat > go.mod <<'MOD'
module finding
go 1.25
require sigs.k8s.io/yaml v1.6.0
MOD
cat > main.go <<'GO'
package main

import (
	"fmt"
	"os"

	"sigs.k8s.io/yaml"
)

func main() {
	written := "a: 0b-1\nb: 0b+11\nc: 0o-7\nd: 0777\ne: 0888\n"
	read, err := yaml.YAMLToJSON([]byte(written))
	if err != nil {
		panic(err)
	}
	fmt.Println(string(read))
	if string(read) != `{"a":-1,"b":3,"c":"0o-7","d":511,"e":888}` {
		fmt.Fprintln(os.Stderr, "this changed")
		os.Exit(1)
	}
}
GO
go mod tidy >/dev/null 2>&1
go run .
