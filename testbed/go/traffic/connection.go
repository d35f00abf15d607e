package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"
	"time"
)

const (
	connectTimeout = 3 * time.Second
	answerTimeout  = 15 * time.Second
)

// A connection to a service, without what Go's own client does when one is lost: it sends a request again on another.
type connection struct {
	address string
	opened  net.Conn
	answers *bufio.Reader
}

// ask sends one request, on the open connection if there is one that the server has not closed.
func (c *connection) ask(client, path string) outcome {
	result := outcome{Began: time.Now().UnixMilli(), Client: client}
	version, err := c.request(path)
	result.Ended, result.Version = time.Now().UnixMilli(), version
	if err != nil {
		c.close()
		result.Error = err.Error()
	}
	return result
}

func (c *connection) request(path string) (string, error) {
	if c.opened != nil && closedByServer(c.opened) {
		c.close()
	}
	if c.opened == nil {
		opened, err := net.DialTimeout("tcp", c.address, connectTimeout)
		if err != nil {
			return "", fmt.Errorf("connect: %w", err)
		}
		c.opened, c.answers = opened, bufio.NewReader(opened)
	}
	_ = c.opened.SetDeadline(time.Now().Add(answerTimeout))
	if _, err := fmt.Fprintf(c.opened, "GET %s HTTP/1.1\r\nHost: api\r\n\r\n", path); err != nil {
		return "", fmt.Errorf("send: %w", err)
	}
	answer, err := http.ReadResponse(c.answers, nil)
	if err != nil {
		return "", fmt.Errorf("answer: %w", err)
	}
	body, err := io.ReadAll(answer.Body)
	version, _, _ := strings.Cut(string(body), "\n")
	if err != nil {
		return version, fmt.Errorf("body: %w", err)
	}
	if answer.StatusCode != http.StatusOK {
		return version, fmt.Errorf("status %d", answer.StatusCode)
	}
	if answer.Close {
		c.close()
	}
	return version, nil
}

func (c *connection) close() {
	if c.opened != nil {
		_ = c.opened.Close()
	}
	c.opened, c.answers = nil, nil
}

// closedByServer is what a pool of connections looks at before it uses one: whether its end has arrived already.
func closedByServer(opened net.Conn) bool {
	raw, err := opened.(*net.TCPConn).SyscallConn()
	if err != nil {
		return true
	}
	closed := false
	_ = raw.Read(func(descriptor uintptr) bool {
		count, _, err := syscall.Recvfrom(int(descriptor), make([]byte, 1), syscall.MSG_PEEK|syscall.MSG_DONTWAIT)
		closed = count > 0 || err != syscall.EAGAIN
		return true
	})
	return closed
}
