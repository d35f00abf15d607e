#!/bin/sh
# k8s.io/apimachinery 0.36.3: Quantity.AsInt64 says that 1Pi and 100Ti are not 64-bit integers, though both are far below the
# largest one and Value returns them exactly. It takes 90Ti, and the number of bytes of 1Pi written out.
# Input: quantities with binary suffixes, and one without. Output: whether AsInt64 takes each, and its value.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat > go.mod <<'MOD'
module finding
go 1.26
require k8s.io/apimachinery v0.36.3
MOD
cat > main.go <<'GO'
package main

import (
	"fmt"
	"os"

	"k8s.io/apimachinery/pkg/api/resource"
)

var expected = []struct {
	text  string
	taken bool
	value int64
}{
	{"1Ki", true, 1 << 10},
	{"90Ti", true, 90 << 40},
	{"100Ti", false, 100 << 40},
	{"1Pi", false, 1 << 50},
	{"1125899906842624", true, 1 << 50},
}

func main() {
	for _, want := range expected {
		quantity := resource.MustParse(want.text)
		_, taken := quantity.AsInt64()
		fmt.Printf("%s: AsInt64 takes it: %v, Value: %d\n", want.text, taken, quantity.Value())
		if taken != want.taken || quantity.Value() != want.value {
			fmt.Fprintln(os.Stderr, "this changed: compare with the first lines of this script")
			os.Exit(1)
		}
	}
}
GO
go mod tidy 2>/dev/null
go run .
