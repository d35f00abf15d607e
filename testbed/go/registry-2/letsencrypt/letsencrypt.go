// Package letsencrypt stands in for a module that the Go module proxy does not have. The registry asks it for certificates
// only when its configuration says so, which the testbed's never does.
package letsencrypt

import (
	"crypto/tls"
	"errors"
)

// Manager gives no certificates.
type Manager struct{}

var errAbsent = errors.New("the testbed's registry has no letsencrypt")

func (*Manager) CacheFile(string) error                   { return errAbsent }
func (*Manager) Register(string, func(string) bool) error { return errAbsent }
func (*Manager) Registered() bool                         { return false }
func (*Manager) SetHosts([]string)                        {}

func (*Manager) GetCertificate(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	return nil, errAbsent
}
