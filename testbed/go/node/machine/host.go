package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"
)

// shadowed are folders of the machine that containerd, kubelet and the network plugins write to, whatever they are told. Here they write to a layer in
// memory above them, which is gone with the mount namespace.
var shadowed = []string{"/run", "/var/lib", "/var/log"}

// private are folders that start empty, so that a containerd or kubelet of the machine is not seen. They lie in memory without a layer: the overlay file
// system, which holds the containers' files, does not lie on another overlay.
var private = []string{"/run/containerd", "/var/lib/containerd", "/var/lib/kubelet"}

// parameters are kernel parameters that kubelet and the bridge plugin set for the whole machine. Here they set a file in memory.
var parameters = []string{
	"kernel/keys/root_maxbytes",
	"kernel/keys/root_maxkeys",
	"kernel/panic",
	"kernel/panic_on_oops",
	"net/ipv4/ip_forward",
	"vm/overcommit_memory",
	"vm/panic_on_oom",
}

// hideHost changes what this process and those below it see of the machine, and nothing of the machine itself.
func hideHost(data string) error {
	if err := mount("tmpfs", data, "tmpfs", 0, "mode=0755"); err != nil {
		return err
	}
	for index, folder := range shadowed {
		layer := filepath.Join(data, fmt.Sprintf("shadow-%d", index))
		if err := shadow(folder, layer); err != nil {
			return err
		}
	}
	for _, folder := range private {
		from := filepath.Join(data, strings.ReplaceAll(folder[1:], "/", "-"))
		if err := errors.Join(os.MkdirAll(from, 0o755), os.MkdirAll(folder, 0o755)); err != nil {
			return err
		}
		if err := mount(from, folder, "", unix.MS_BIND, ""); err != nil {
			return err
		}
	}
	return hideParameters(filepath.Join(data, "parameters"))
}

func shadow(folder, layer string) error {
	upper, work := filepath.Join(layer, "upper"), filepath.Join(layer, "work")
	if err := errors.Join(os.MkdirAll(upper, 0o755), os.MkdirAll(work, 0o755)); err != nil {
		return err
	}
	return mount("overlay", folder, "overlay", 0, fmt.Sprintf("lowerdir=%s,upperdir=%s,workdir=%s", folder, upper, work))
}

func hideParameters(folder string) error {
	for _, name := range parameters {
		value, err := os.ReadFile(filepath.Join("/proc/sys", name))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return err
		}
		copied := filepath.Join(folder, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(copied), 0o755), os.WriteFile(copied, value, 0o644)); err != nil {
			return err
		}
		if err := mount(copied, filepath.Join("/proc/sys", name), "", unix.MS_BIND, ""); err != nil {
			return err
		}
	}
	return nil
}

func mount(source, target, kind string, flags uintptr, options string) error {
	if err := unix.Mount(source, target, kind, flags, options); err != nil {
		return fmt.Errorf("%s cannot be mounted at %s: %w", source, target, err)
	}
	return nil
}
