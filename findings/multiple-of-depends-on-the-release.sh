#!/bin/sh
# k8s.io/kube-openapi, which API servers validate custom resources with: whether 0.29 is a multiple of 0.01 depends on the release of a
# library below it, go-openapi/swag. With swag 0.23.0, as in Kubernetes 1.36.3, the quotient 28.999999999999996 is cut off to 28, and the
# value is refused; with 0.27.1, as in 1.37.2, it is rounded to 29, and the value is taken. kube-openapi itself did not change.
# Input: numbers for a field with `multipleOf`. Output: whether each of the two takes them.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# run <folder> <kube-openapi> <swag> <answers that are expected>
run() {
  mkdir "$folder/$1"
  cd "$folder/$1"
  cat > go.mod <<MOD
module finding
go 1.26
require k8s.io/kube-openapi $2
require github.com/go-openapi/swag $3
MOD
  cat > main.go <<'GO'
package main

import (
	"fmt"
	"os"
	"strings"

	"k8s.io/kube-openapi/pkg/validation/validate"
)

func main() {
	var answers []string
	for _, number := range []struct{ value, factor float64 }{{0.29, 0.01}, {0.07, 0.01}, {0.295, 0.01}, {-0.29, 0.01}} {
		taken := validate.MultipleOf("spec.ratio", "body", number.value, number.factor) == nil
		answers = append(answers, fmt.Sprintf("%v of %v: %v", number.value, number.factor, taken))
	}
	found := strings.Join(answers, ", ")
	fmt.Println(found)
	if found != os.Args[1] {
		fmt.Fprintln(os.Stderr, "this changed: compare with the first lines of this script")
		os.Exit(1)
	}
}
GO
  go mod tidy 2>/dev/null
  echo "Kubernetes $1, go-openapi/swag $(go list -m -f '{{.Version}}' github.com/go-openapi/swag):"
  go run . "$4"
}

run 1.36.3 v0.0.0-20260317180543-43fb72c5454a v0.23.0 \
  '0.29 of 0.01: false, 0.07 of 0.01: true, 0.295 of 0.01: false, -0.29 of 0.01: false'
run 1.37.2 v0.0.0-20260721132016-d427ff9ee9ad v0.27.1 \
  '0.29 of 0.01: true, 0.07 of 0.01: true, 0.295 of 0.01: false, -0.29 of 0.01: true'
