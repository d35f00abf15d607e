package main

import (
	"context"
	"encoding/json"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/moby/buildkit/client/llb"
	"github.com/moby/buildkit/client/llb/sourceresolver"
	"github.com/moby/buildkit/frontend/dockerfile/dockerfile2llb"
	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/linter"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
	"github.com/moby/buildkit/frontend/dockerui"
	"github.com/moby/buildkit/solver/pb"
	digest "github.com/opencontainers/go-digest"
	"github.com/sirupsen/logrus"
)

// What the build of one stage takes from elsewhere, or why BuildKit refuses it.
type taken struct {
	Target  string   `json:"target"`
	Images  []string `json:"images"`
	Network []string `json:"network"`
	Refused string   `json:"refused,omitempty"`
}

type answer struct {
	// Why BuildKit cannot read the file at all.
	Unreadable string `json:"unreadable,omitempty"`
	// The image of the frontend that builds it instead of BuildKit's own.
	Syntax string `json:"syntax,omitempty"`
	// All stages in one build. Its network is not known, as BuildKit tells it only of the target.
	All *taken `json:"all,omitempty"`
	// The last stage, and those that have a name.
	Targets []taken `json:"targets,omitempty"`
	// What BuildKit's linter finds in all stages, if it was asked for.
	Lint []string `json:"lint,omitempty"`
}

func init() {
	logrus.SetOutput(io.Discard)
}

func answerTo(asked question) answer {
	text := []byte(asked.Dockerfile)
	syntax, _, _, _ := parser.DetectSyntax(text)
	names, err := stageNames(text)
	if err != nil {
		return answer{Unreadable: err.Error(), Syntax: syntax}
	}
	all := convert(text, asked.Args, "", true)
	found := answer{Syntax: syntax, All: &all}
	if asked.Lint {
		found.Lint = lintOf(text, asked.Args)
	}
	for _, name := range append(names, "") {
		found.Targets = append(found.Targets, convert(text, asked.Args, name, false))
	}
	return found
}

func stageNames(text []byte) ([]string, error) {
	parsed, err := parser.Parse(strings.NewReader(string(text)))
	if err != nil {
		return nil, err
	}
	stages, _, err := instructions.Parse(parsed.AST, linter.New(&linter.Config{}))
	if err != nil {
		return nil, err
	}
	var names []string
	for _, stage := range stages {
		if stage.Name != "" {
			names = append(names, stage.Name)
		}
	}
	return names, nil
}

func convert(text []byte, args map[string]string, target string, allStages bool) taken {
	abilities := pb.Caps.CapSet(pb.Caps.All())
	resolver := &everyImage{asked: map[string]struct{}{}}
	found := taken{Target: target, Images: []string{}, Network: []string{}}
	result, err := dockerfile2llb.Dockerfile2LLB(context.Background(), text, dockerfile2llb.ConvertOpt{
		Config:       dockerui.Config{BuildArgs: args, Target: target},
		MetaResolver: resolver,
		AllStages:    allStages,
		LLBCaps:      &abilities,
	})
	if err != nil {
		found.Refused = err.Error()
		return found
	}
	found.Images = slices.AppendSeq(found.Images, maps.Keys(resolver.asked))
	slices.Sort(found.Images)
	found.Network, err = networkOf(result.State)
	if err != nil {
		found.Refused = err.Error()
	}
	return found
}

// The rules that the file breaks, with the linter's own words, and why it cannot be linted.
func lintOf(text []byte, args map[string]string) []string {
	abilities := pb.Caps.CapSet(pb.Caps.All())
	source := llb.NewSourceMap(nil, "Dockerfile", "Dockerfile", text)
	source.Definition = &llb.Definition{}
	results, err := dockerfile2llb.DockerfileLint(context.Background(), text, dockerfile2llb.ConvertOpt{
		Config:       dockerui.Config{BuildArgs: args},
		MetaResolver: &everyImage{asked: map[string]struct{}{}},
		SourceMap:    source,
		LLBCaps:      &abilities,
	})
	if err != nil {
		return []string{err.Error()}
	}
	var found []string
	for _, warning := range results.Warnings {
		found = append(found, warning.RuleName+": "+warning.Detail)
	}
	if results.Error != nil {
		found = append(found, results.Error.Message)
	}
	return found
}

// The sources of a build that are neither images nor the context.
func networkOf(state llb.State) ([]string, error) {
	definition, err := state.Marshal(context.Background())
	if err != nil {
		return nil, err
	}
	found := []string{}
	for _, bytes := range definition.Def {
		var step pb.Op
		if err := step.UnmarshalVT(bytes); err != nil {
			return nil, err
		}
		source := step.GetSource().GetIdentifier()
		if source != "" && !strings.HasPrefix(source, "docker-image://") && !strings.HasPrefix(source, "local://") {
			found = append(found, source)
		}
	}
	return found, nil
}

// A registry that has every image, and notes which of them were asked for.
type everyImage struct {
	lock  sync.Mutex
	asked map[string]struct{}
}

func (images *everyImage) ResolveImageConfig(_ context.Context, name string, _ sourceresolver.Opt) (string, digest.Digest, []byte, error) {
	images.lock.Lock()
	defer images.lock.Unlock()
	images.asked[name] = struct{}{}
	config, err := json.Marshal(map[string]any{
		"architecture": "amd64",
		"os":           "linux",
		"rootfs":       map[string]any{"type": "layers", "diff_ids": []string{digest.FromString(name).String()}},
	})
	return name, digest.FromString(name), config, err
}
