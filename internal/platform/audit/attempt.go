package audit

import (
	"context"
	"net/netip"
	"strings"

	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// Method is how somebody tried to come in.
type Method string

// The methods.
const (
	ByPassword Method = "password"
	BySecond   Method = "second"   // the second factor
	ByRecovery Method = "recovery" // a recovery code instead of it
	ByProvider Method = "oidc"
)

// Result is what came of it.
type Result string

// The results, as auditors see them. The person who tried is never told which failure it was.
const (
	Done      Result = "done"
	Half      Result = "half"     // right so far; the second factor is still to come
	Unknown   Result = "unknown"  // no such account
	Wrong     Result = "wrong"    // wrong password or code
	LockedOut Result = "locked"   // after failures, or by an administrator
	ClosedOut Result = "closed"   // the account is closed
	Expired   Result = "expired"  // a one-time password past its time
	Unlinked  Result = "unlinked" // the provider's subject is linked to no account
	TooMany   Result = "too_many" // from this address
)

// Client is where a request comes from.
type Client struct {
	Address string
	Agent   string // what the browser calls itself
}

// agentMax is the number of bytes of a browser's name that are kept.
const agentMax = 200

// Tidy cuts what a client says of itself to what is kept.
func (c Client) Tidy() Client {
	c.Agent = cut(c.Agent, agentMax)
	c.Address = cut(c.Address, 64)
	return c
}

// cut shortens a text to a number of bytes and drops what is no UTF-8, which PostgreSQL refuses.
func cut(text string, size int) string {
	if len(text) > size {
		text = text[:size]
	}
	return strings.ToValidUTF8(strings.ReplaceAll(text, "\x00", ""), "")
}

// network is the address for counting failures: whoever has one IPv6 address has a /64 of them.
func (c Client) network() string {
	a, err := netip.ParseAddr(c.Address)
	if err != nil || a.Is4() {
		return c.Address
	}
	p, err := a.Prefix(64)
	if err != nil {
		return c.Address
	}
	return p.String()
}

// Attempt is one attempt to sign in.
type Attempt struct {
	Account int64  // 0: there is none with this login
	Place   int64  // where the account is looked after
	Login   []byte // LoginHash of what was entered
	Client  Client
	Method  Method
	Result  Result
}

// Note adds an attempt to the record, in the transaction that decides it.
func (s *Service) Note(tx *store.Tx, a Attempt) error {
	id, err := tx.NextID(store.City, "sign_in")
	if err != nil {
		return err
	}
	return signIns.Insert(tx, &signInRow{ID: id, At: tx.Now(), Account: a.Account, Place: a.Place,
		Login: a.Login, Address: a.Client.Address, Network: a.Client.network(), Agent: a.Client.Agent,
		Method: a.Method, Result: a.Result})
}

// Failures is how often the client's network has failed since a moment, counted up to limit.
func (s *Service) Failures(ctx context.Context, c Client, since period.Instant, limit int64) (int64,
	error) {
	return store.Read(ctx, s.store, func(v *store.View) (int64, error) {
		return store.Count(v, `SELECT count(*) FROM (SELECT 1 FROM sign_in WHERE home = ? AND network = ?
			AND at > ? AND result NOT IN ('done', 'half', 'too_many') LIMIT ?) AS failed`,
			store.City, c.network(), since, limit)
	})
}
