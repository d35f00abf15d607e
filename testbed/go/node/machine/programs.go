package main

import (
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"
)

const (
	containerdPatience = 30 * time.Second
	poll               = 20 * time.Millisecond
)

// runPrograms returns only when containerd or kubelet has ended, and says which.
func runPrograms(node plan) error {
	children := reapAll()
	containerd, err := children.start("containerd", node.Containerd, node.Logs)
	if err != nil {
		return err
	}
	if err := waitForSocket(node.Socket, containerd); err != nil {
		return err
	}
	imported, err := children.start("import", node.Import, node.Logs)
	if err != nil {
		return err
	}
	if status := <-imported; status != 0 {
		return fmt.Errorf("the sandbox image could not be imported, see %s", filepath.Join(node.Logs, "import.log"))
	}
	kubelet, err := children.start("kubelet", node.Kubelet, node.Logs)
	if err != nil {
		return err
	}
	select {
	case status := <-containerd:
		return fmt.Errorf("containerd ended with status %d, see %s", status, filepath.Join(node.Logs, "containerd.log"))
	case status := <-kubelet:
		return fmt.Errorf("kubelet ended with status %d, see %s", status, filepath.Join(node.Logs, "kubelet.log"))
	}
}

func waitForSocket(path string, ended <-chan int) error {
	for deadline := time.Now().Add(containerdPatience); time.Now().Before(deadline); time.Sleep(poll) {
		select {
		case status := <-ended:
			return fmt.Errorf("containerd ended with status %d, see containerd.log", status)
		default:
		}
		if connection, err := net.Dial("unix", path); err == nil {
			return connection.Close()
		}
	}
	return errors.New("containerd does not listen, see containerd.log")
}

// children are the processes that were started here. The first process of a process namespace also inherits those whose parent has ended, such as the
// shims, and has to take their status from the kernel.
type children struct {
	mutex  sync.Mutex
	status map[int]chan int
}

func reapAll() *children {
	all := &children{status: map[int]chan int{}}
	go all.reap()
	return all
}

func (all *children) reap() {
	for {
		var status syscall.WaitStatus
		pid, err := syscall.Wait4(-1, &status, 0, nil)
		if errors.Is(err, syscall.ECHILD) {
			time.Sleep(poll)
		}
		if err != nil {
			continue
		}
		// A process that ends at once is waited for until it has been noted.
		all.mutex.Lock()
		if ended, known := all.status[pid]; known {
			ended <- status.ExitStatus()
		}
		all.mutex.Unlock()
	}
}

// start runs a program with all that it says in logs/<name>.log; its status comes through the channel.
func (all *children) start(name string, command []string, logs string) (<-chan int, error) {
	log, err := os.OpenFile(filepath.Join(logs, name+".log"), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return nil, err
	}
	defer log.Close()
	nothing, err := os.Open(os.DevNull)
	if err != nil {
		return nil, err
	}
	defer nothing.Close()
	all.mutex.Lock()
	defer all.mutex.Unlock()
	process, err := os.StartProcess(command[0], command, &os.ProcAttr{Files: []*os.File{nothing, log, log}})
	if err != nil {
		return nil, err
	}
	ended := make(chan int, 1)
	all.status[process.Pid] = ended
	return ended, nil
}
