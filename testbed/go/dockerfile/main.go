// Tells what BuildKit takes from elsewhere for a Dockerfile, by BuildKit's own parser and its own conversion of Dockerfiles to build
// steps. Nothing is fetched: every image that is asked for exists, without content.
package main

import (
	"bufio"
	"encoding/json"
	"log"
	"os"
)

// A Dockerfile and the build arguments that it gets.
type question struct {
	Dockerfile string            `json:"dockerfile"`
	Args       map[string]string `json:"args"`
	// Whether the answer has what the linter finds.
	Lint bool `json:"lint,omitempty"`
}

// Reads one question in JSON from each line of its input, and writes one answer as a line.
func main() {
	log.SetFlags(0)
	input := json.NewDecoder(bufio.NewReader(os.Stdin))
	output := bufio.NewWriter(os.Stdout)
	defer output.Flush()
	answers := json.NewEncoder(output)
	for input.More() {
		var asked question
		if err := input.Decode(&asked); err != nil {
			log.Fatal(err)
		}
		if err := answers.Encode(answerTo(asked)); err != nil {
			log.Fatal(err)
		}
	}
}
