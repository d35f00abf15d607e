package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

const (
	cgroups = "/sys/fs/cgroup"
	// A control group can be removed a moment after its last process has ended, and another testbed's start may be removing it, too.
	patience = 5 * time.Second
)

// createCgroups makes the group that kubelet wants to find: one in cgroup v2, one for each controller in v1, and in a hybrid of both one at "unified"
// too, where runc may put one below it.
func createCgroups(name string) error {
	if isVersion2() {
		return createVersion2(name)
	}
	for _, controller := range controllers() {
		if err := os.MkdirAll(filepath.Join(controller, name), 0o755); err != nil {
			return err
		}
		if err := inheritCpuset(controller, name); err != nil {
			return err
		}
	}
	return nil
}

func createVersion2(name string) error {
	// A controller that the machine has not, or that it keeps to itself, is missed below if it matters.
	for _, controller := range []string{"cpu", "cpuset", "hugetlb", "io", "memory", "pids"} {
		_ = os.WriteFile(filepath.Join(cgroups, "cgroup.subtree_control"), []byte("+"+controller), 0)
	}
	group := filepath.Join(cgroups, name)
	if err := os.MkdirAll(group, 0o755); err != nil {
		return err
	}
	text, err := os.ReadFile(filepath.Join(group, "cgroup.controllers"))
	if err != nil {
		return err
	}
	for _, needed := range []string{"cpu", "memory", "pids"} {
		if !strings.Contains(" "+strings.TrimSpace(string(text))+" ", " "+needed+" ") {
			return fmt.Errorf("%s does not give away its %s controller: run the testbed on the machine itself, not in a container", cgroups, needed)
		}
	}
	return nil
}

// inheritCpuset fills in what a new group of the cpuset controller has not: without processors it takes no process.
func inheritCpuset(controller, name string) error {
	for _, file := range []string{"cpuset.cpus", "cpuset.mems"} {
		text, err := os.ReadFile(filepath.Join(controller, file))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(controller, name, file), text, 0); err != nil {
			return err
		}
	}
	return nil
}

func removeCgroups(name string) error {
	groups := []string{filepath.Join(cgroups, name)}
	if !isVersion2() {
		groups = nil
		for _, controller := range controllers() {
			groups = append(groups, filepath.Join(controller, name))
		}
	}
	deadline := time.Now().Add(patience)
	for _, group := range groups {
		for {
			err := removeTree(group)
			if err == nil {
				break
			}
			if time.Now().After(deadline) {
				return err
			}
			time.Sleep(20 * time.Millisecond)
		}
	}
	return nil
}

// removeTree removes a group and those below it, the innermost first. The files in them go with them.
func removeTree(group string) error {
	entries, err := os.ReadDir(group)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if entry.IsDir() {
			if err := removeTree(filepath.Join(group, entry.Name())); err != nil {
				return err
			}
		}
	}
	if err := os.Remove(group); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

func isVersion2() bool {
	_, err := os.Stat(filepath.Join(cgroups, "cgroup.controllers"))
	return err == nil
}

// controllers gives the folders of cgroup v1, each of them once: cpu and cpuacct may be links to one folder.
func controllers() []string {
	var folders []string
	entries, _ := os.ReadDir(cgroups)
	for _, entry := range entries {
		folder := filepath.Join(cgroups, entry.Name())
		if _, err := os.Stat(filepath.Join(folder, "cgroup.procs")); err == nil && entry.IsDir() {
			folders = append(folders, folder)
		}
	}
	return folders
}
