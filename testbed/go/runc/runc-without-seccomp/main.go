// Command runc-without-seccomp runs the runc beside it on a bundle whose seccomp profile it has taken out. BuildKit puts one into every bundle, runc can
// only apply it with libseccomp, a C library, and the testbed is built without that. Everything else passes through untouched.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "runc-without-seccomp:", err)
		os.Exit(1)
	}
}

func run() error {
	if bundle := bundleOf(os.Args[1:]); bundle != "" {
		if err := dropProfile(filepath.Join(bundle, "config.json")); err != nil {
			return err
		}
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	runc := filepath.Join(filepath.Dir(self), "runc")
	return syscall.Exec(runc, append([]string{runc}, os.Args[1:]...), os.Environ())
}

// bundleOf finds the value of --bundle, which `runc run` and `runc create` take.
func bundleOf(args []string) string {
	for index, arg := range args {
		if value, found := strings.CutPrefix(arg, "--bundle="); found {
			return value
		}
		if (arg == "--bundle" || arg == "-b") && index+1 < len(args) {
			return args[index+1]
		}
	}
	return ""
}

// dropProfile keeps every other field as it is, those unknown to us too.
func dropProfile(path string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	var config, linux map[string]json.RawMessage
	if err := json.Unmarshal(text, &config); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if err := json.Unmarshal(config["linux"], &linux); err != nil {
		return fmt.Errorf("%s: linux: %w", path, err)
	}
	delete(linux, "seccomp")
	if config["linux"], err = json.Marshal(linux); err != nil {
		return err
	}
	if text, err = json.Marshal(config); err != nil {
		return err
	}
	return os.WriteFile(path, text, 0o600)
}
