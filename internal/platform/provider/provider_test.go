package provider_test

import (
	"bytes"
	"slices"
	"testing"

	"github.com/terrace-project/terrace/internal/platform/keys"
	"github.com/terrace-project/terrace/internal/platform/provider"
	"github.com/terrace-project/terrace/internal/platform/storetest"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// TestVerified: only what the provider vouches for is believed, in the form logins have. The flow
// itself is tested against a small provider in package identity.
func TestVerified(t *testing.T) {
	for _, c := range []struct {
		claims provider.Claims
		want   []string
	}{
		{provider.Claims{}, nil},
		{provider.Claims{Email: "Anna@Example.org"}, nil},
		{provider.Claims{Email: "Anna@Example.org", EmailVerified: true}, []string{"anna@example.org"}},
		{provider.Claims{EmailVerified: true, PhoneVerified: true}, nil},
		{provider.Claims{Phone: "+86 138-1234-5678", PhoneVerified: true}, []string{"13812345678"}},
		{provider.Claims{Phone: "13812345678", Email: "a@b.cn", PhoneVerified: true},
			[]string{"13812345678"}},
	} {
		if got := c.claims.Verified(); !slices.Equal(got, c.want) {
			t.Errorf("%+v vouches for %v, want %v", c.claims, got, c.want)
		}
	}
}

// TestWithoutAProvider nothing is asked and nothing comes back.
func TestWithoutAProvider(t *testing.T) {
	ring, err := keys.New(storetest.Random(1))
	if err != nil {
		t.Fatal(err)
	}
	c := provider.New(provider.Config{Keys: ring, Random: bytes.NewReader(make([]byte, 1000)),
		Now: func() period.Instant { return 1 }})
	if _, _, err := c.Begin("http://here", "/"); c.Configured() || !fault.HasKey(err, "provider.none") {
		t.Errorf("without a provider: %v", err)
	}
	for _, carried := range []string{"", "AAAA", "no base64!"} {
		_, _, err := c.Finish(t.Context(), provider.Return{Carried: carried})
		if !fault.HasKey(err, "provider.journey") {
			t.Errorf("carrying %q: %v", carried, err)
		}
	}
}
