package identity_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/audit"
	"github.com/terrace-project/terrace/internal/platform/benchmark"
	"github.com/terrace-project/terrace/internal/platform/identity"
	"github.com/terrace-project/terrace/internal/platform/keys"
	"github.com/terrace-project/terrace/internal/platform/password"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/storetest"
)

// benchCity is an installation of 2,000 people with a post each, on SQLite.
func benchCity(b *testing.B, cost password.Cost) (identity.Config, *identity.Service) {
	b.Helper()
	s := storetest.SQLite(b, []store.Part{audit.Part(), identity.Part()}, storetest.WithoutReplay)
	ring, err := keys.New(storetest.Random(7))
	if err != nil {
		b.Fatal(err)
	}
	a := access.New()
	a.SetRoles(nationalRoles(b))
	a.SetPlaces(places{})
	config := identity.Config{Store: s, Keys: ring, Access: a, Cost: cost,
		Audit: audit.New(audit.Config{Store: s, Keys: ring, Access: a})}
	service := identity.New(config)
	service.SetPlaces(places{})
	var all []identity.Loaded
	for i := range 2000 {
		all = append(all, identity.Loaded{Password: "Rain on 7 terraces",
			Entry: identity.Entry{Login: fmt.Sprintf("user%04d", i), Name: "某人"},
			Posts: []identity.Proposal{{Role: "reader", Place: 5, Since: "2026-01-01"}}})
	}
	if _, err := service.Load(b.Context(), all); err != nil {
		b.Fatal(err)
	}
	return config, service
}

func benchSignIn(b *testing.B, s *identity.Service) (string, error) {
	signed, err := s.SignIn(b.Context(), identity.Attempt{Login: "user0007", Password: "Rain on 7 terraces"})
	return signed.Token, err
}

// BenchmarkAuthenticate: what every request costs, by the one query and from the cache, beside a
// bare read of one row by its key.
func BenchmarkAuthenticate(b *testing.B) {
	config, service := benchCity(b, cheap)
	token, err := benchSignIn(b, service)
	if err != nil {
		b.Fatal(err)
	}
	r := request("/somewhere", token)
	bare, err := benchmark.Rate(1, time.Second, func(int, int) error {
		_, err := store.Read(b.Context(), config.Store, func(v *store.View) (int64, error) {
			return store.Count(v, `SELECT version FROM account WHERE id = ?`, 1)
		})
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	for name, fresh := range map[string]bool{"query": true, "cached": false} {
		b.Run(name, func(b *testing.B) {
			rate, err := benchmark.Rate(1, time.Second, func(int, int) error {
				if fresh {
					service.Forget()
				}
				_, err := service.Authenticate(r)
				return err
			})
			if err != nil {
				b.Fatal(err)
			}
			benchmark.Report(b, benchmark.Figure{Name: "identity/authenticate-" + name, Value: rate,
				Unit: "1/s", Baseline: bare, Against: "a bare read of one row by its key"})
		})
	}
}

// BenchmarkSignIn: whole sign-ins beside the bare password hash in each.
func BenchmarkSignIn(b *testing.B) {
	config, service := benchCity(b, password.DefaultCost)
	rate, err := benchmark.Rate(2, 2*time.Second, func(int, int) error {
		_, err := benchSignIn(b, service)
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	h := password.NewHasher(password.DefaultCost, config.Store.Random)
	bare, err := benchmark.Rate(2, 2*time.Second, func(int, int) error {
		_, err := h.Hash(b.Context(), "Rain on 7 terraces")
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	benchmark.Report(b, benchmark.Figure{Name: "identity/sign-in", Value: rate, Unit: "1/s", Baseline: bare,
		Against: "the bare password hash"})
}
