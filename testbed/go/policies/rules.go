package main

import (
	"encoding/binary"
	"fmt"

	"github.com/google/nftables"
	"github.com/google/nftables/binaryutil"
	"github.com/google/nftables/expr"
	"github.com/google/nftables/xt"
)

// The kernel removes a table with this flag when the connection that made it closes, however that happens.
const ownedByConnection = 0x2

// divert sends the first packet of each connection that a pod begins to a queue. The rules of kube-network-policies itself do so by the expression
// "queue", which some kernels lack, and it goes on without; the target NFQUEUE, which is older, has the same effect.
func divert(bridge string, queue uint16) (*nftables.Conn, error) {
	connection, err := nftables.New(nftables.AsLasting())
	if err != nil {
		return nil, err
	}
	table := connection.AddTable(&nftables.Table{
		Name: fmt.Sprintf("%s-policies", bridge), Family: nftables.TableFamilyIPv4, Flags: ownedByConnection,
	})
	chain := connection.AddChain(&nftables.Chain{
		Name: "pods", Table: table, Type: nftables.ChainTypeFilter, Hooknum: nftables.ChainHookPrerouting, Priority: nftables.ChainPriorityFilter,
	})
	fromPods := []expr.Any{
		&expr.Meta{Key: expr.MetaKeyIIFNAME, Register: 1},
		&expr.Cmp{Op: expr.CmpOpEq, Register: 1, Data: append([]byte(bridge), 0)},
	}
	known := binaryutil.NativeEndian.PutUint32(expr.CtStateBitESTABLISHED | expr.CtStateBitRELATED)
	connection.AddRule(&nftables.Rule{Table: table, Chain: chain, Exprs: []expr.Any{
		&expr.Ct{Register: 1, Key: expr.CtKeySTATE},
		&expr.Bitwise{SourceRegister: 1, DestRegister: 1, Len: 4, Mask: known, Xor: make([]byte, 4)},
		&expr.Cmp{Op: expr.CmpOpNeq, Register: 1, Data: make([]byte, 4)},
		&expr.Verdict{Kind: expr.VerdictAccept},
	}})
	// struct xt_NFQ_info: the number of the queue, and that it is one.
	info := make(xt.Unknown, 8)
	binary.NativeEndian.PutUint16(info, queue)
	binary.NativeEndian.PutUint16(info[2:], 1)
	connection.AddRule(&nftables.Rule{Table: table, Chain: chain, Exprs: append(fromPods, &expr.Target{Name: "NFQUEUE", Rev: 3, Info: &info})})
	if err := connection.Flush(); err != nil {
		connection.CloseLasting()
		return nil, err
	}
	return connection, nil
}
