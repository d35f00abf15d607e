package main

import (
	"errors"
	"fmt"
	"syscall"

	"github.com/vishvananda/netlink"
)

// createBridge adds the bridge before the first pod would: its address is the node's own, where kubelet listens. Nobody outside of this machine can
// reach it. "address already in use" makes the testbed try another one.
func createBridge(name, address, owner string) error {
	own, err := netlink.ParseAddr(address)
	if err != nil {
		return err
	}
	bridge := &netlink.Bridge{LinkAttrs: netlink.LinkAttrs{Name: name}}
	if err := netlink.LinkAdd(bridge); err != nil {
		if errors.Is(err, syscall.EEXIST) {
			return fmt.Errorf("the bridge %s is there already: address already in use", name)
		}
		return fmt.Errorf("the bridge %s cannot be added: %w", name, err)
	}
	if err := netlink.LinkSetAlias(bridge, owner); err != nil {
		return err
	}
	if err := netlink.AddrAdd(bridge, own); err != nil {
		return err
	}
	return netlink.LinkSetUp(bridge)
}

// ownBridge finds the bridge if this testbed made it.
func ownBridge(name, owner string) (netlink.Link, error) {
	bridge, err := netlink.LinkByName(name)
	if errors.As(err, &netlink.LinkNotFoundError{}) {
		return nil, nil
	}
	if err != nil || bridge.Attrs().Alias != owner {
		return nil, err
	}
	return bridge, nil
}
