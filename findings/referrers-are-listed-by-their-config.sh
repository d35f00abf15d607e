#!/bin/sh
# github.com/google/go-containerregistry 0.22.1: its registry lists a referrer with the media type of the config as artifactType,
# although the manifest states an artifactType of its own, which the distribution specification says is to be listed.
# Input: an image, and an artifact of the type application/vnd.example.sbom with the empty config, whose subject is the image.
# Output: the list of referrers says application/vnd.oci.empty.v1+json, so that a client that looks for the type finds nothing.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat > go.mod <<'MOD'
module finding
go 1.26
require github.com/google/go-containerregistry v0.22.1
MOD
cat > main.go <<'GO'
package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"

	"github.com/google/go-containerregistry/pkg/registry"
)

const manifestType = "application/vnd.oci.image.manifest.v1+json"

func digest(content []byte) string { return fmt.Sprintf("sha256:%x", sha256.Sum256(content)) }

func send(method, url, mediaType string, body []byte) []byte {
	request, _ := http.NewRequest(method, url, bytes.NewReader(body))
	request.Header.Set("Content-Type", mediaType)
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		panic(err)
	}
	content, _ := io.ReadAll(answer.Body)
	if answer.StatusCode >= 300 {
		panic(fmt.Sprint(answer.StatusCode, string(content)))
	}
	return content
}

func main() {
	options := []registry.Option{registry.WithReferrersSupport(true), registry.Logger(log.New(io.Discard, "", 0))}
	server := httptest.NewServer(registry.New(options...))
	defer server.Close()
	repository := server.URL + "/v2/app"
	empty := []byte("{}")
	send("POST", repository+"/blobs/uploads/?digest="+digest(empty), "application/octet-stream", empty)
	config := func(mediaType string) string {
		return fmt.Sprintf(`{"mediaType":%q,"digest":%q,"size":%d}`, mediaType, digest(empty), len(empty))
	}
	push := func(rest string) []byte {
		manifest := []byte(fmt.Sprintf(`{"schemaVersion":2,"mediaType":%q,"layers":[],%s}`, manifestType, rest))
		send("PUT", repository+"/manifests/"+digest(manifest), manifestType, manifest)
		return manifest
	}
	image := push(`"config":` + config("application/vnd.oci.image.config.v1+json"))
	push(fmt.Sprintf(`"artifactType":"application/vnd.example.sbom","config":%s,"subject":{"mediaType":%q,"digest":%q,"size":%d}`,
		config("application/vnd.oci.empty.v1+json"), manifestType, digest(image), len(image)))
	var list struct {
		Manifests []struct{ ArtifactType string }
	}
	if err := json.Unmarshal(send("GET", repository+"/referrers/"+digest(image), "", nil), &list); err != nil {
		panic(err)
	}
	fmt.Printf("listed as %s\n", list.Manifests[0].ArtifactType)
	if list.Manifests[0].ArtifactType != "application/vnd.oci.empty.v1+json" {
		fmt.Fprintln(os.Stderr, "this changed")
		os.Exit(1)
	}
}
GO
go mod tidy >/dev/null 2>&1
go run .
