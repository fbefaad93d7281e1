package app_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/terrace-project/terrace/internal/app/apptest"
	"github.com/terrace-project/terrace/internal/modules/commitments"
	"github.com/terrace-project/terrace/internal/modules/contracts"
	"github.com/terrace-project/terrace/internal/modules/contracts/schedule"
	"github.com/terrace-project/terrace/internal/modules/ledger"
	"github.com/terrace-project/terrace/internal/modules/ledger/book"
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
)

// tableOf says for the first word of an address in which table the things stand that it names.
var tableOf = map[string]string{
	"organisations": "organisation WHERE home = ? AND place = ?",
	"assets":        "asset WHERE home = ? AND place = ?",
	"contracts":     "contract WHERE home = ? AND place = ?",
	"commitments":   "commitment WHERE home = ? AND place = ?",
	"transfers":     "commitment_transfer WHERE home = ? AND place = ?",
	"checks":        "inventory_check WHERE home = ? AND place = ?",
	"cases":         "procedure_case WHERE home = ? AND place = ?",
	"books":         "ledger_book WHERE home = ? AND place = ?",
	"bank-accounts": "bank_account WHERE home = ? AND place = ?",
	"vouchers": `ledger_voucher WHERE home = ? AND book IN (SELECT b.id FROM ledger_book b
		WHERE b.home = ledger_voucher.home AND b.place = ?)`,
}

// furnish gives the village 7 books with a draft, a contract, commitments and a transfer.
func furnish(t *testing.T, c apptest.County) {
	t.Helper()
	o, err := store.Read(t.Context(), c.Host.Store, func(v *store.View) (registry.Organisation, error) {
		o, _, err := registry.At(v, c.IDs[7])
		return o, err
	})
	c.Must(err)
	b, err := c.Ledger.OpenBook(t.Context(), access.Machine, ledger.Opening{Organisation: o.Ref(),
		Chart: "2024", From: "2025-01-01"})
	c.Must(err)
	_, err = c.Ledger.Enter(t.Context(), c.As("accountant", 7), ledger.Draft{Book: b.Ref(),
		Date: "2025-11-20", Summary: "收租", Postings: []book.Posting{{Account: "101", Amount: 100},
			{Account: "501", Amount: -100}}}, "")
	c.Must(err)
	_, err = c.Contracts.Enter(t.Context(), access.Machine, o.Ref(), contracts.Entry{
		Contract: contracts.Contract{Name: "鱼塘", Kind: "water", Party: "李某某", PartyKind: "outsider",
			Manner: "public_tender"},
		Schedule: []schedule.Phase{{From: "2026-01-01", To: "2026-12-31",
			Fee: schedule.Fee{Amount: 100, Every: schedule.Year}}}})
	c.Must(err)
	for kind, party := range map[commitments.Kind]string{commitments.Guarantee: "enterprise",
		commitments.Lending: "officer"} {
		_, err := c.Commitments.Enter(t.Context(), access.Machine, o.Ref(), commitments.Entry{
			Commitment: commitments.Commitment{Kind: kind, Party: "某某", PartyKind: party, Creditor: "某银行",
				Amount: 100, Day: "2025-04-01", Due: "2025-10-01"}})
		c.Must(err)
	}
	_, err = c.Commitments.Announce(t.Context(), access.Machine, o.Ref(), commitments.Transfer{
		Document: "某财农〔2025〕12号", Kind: "revitalisation", Amount: 100, Day: "2025-06-01"})
	c.Must(err)
}

// word is the first word of an address.
func word(path string) string {
	first, _, _ := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(path, "/api/v1"), "/"), "/")
	return first
}

// try asks for a page, or sends it nothing.
func try(s *apptest.Session, method, address string) int {
	code, _ := s.Get(address)
	if method == http.MethodPost {
		code, _ = s.Post(address, url.Values{})
	}
	return code
}

// named fills a path that begins with a thing of village 7: false, if it does not.
func named(c apptest.County, path string, things map[string]int64) (string, bool) {
	id, known := things[word(path)]
	if !known || !strings.Contains(path, "/{home}/{id}") {
		return "", false
	}
	path = strings.Replace(path, "/{home}/{id}", fmt.Sprintf("/%d/%d", c.Home, id), 1)
	for strings.Contains(path, "{") {
		from := strings.Index(path, "{")
		path = path[:from] + "1" + path[from+strings.Index(path[from:], "}")+1:]
	}
	return path, true
}

// TestTheNeighbourMayNotAct: every page, form and operation about a thing of a village refuses the accountant
// of the village beside it, whatever is sent, or answers as if there were no such thing; nothing is recorded.
func TestTheNeighbourMayNotAct(t *testing.T) {
	c := apptest.OpenCounty(t, apptest.Open(t, t.TempDir()+"/terrace.db"))
	furnish(t, c)
	things := map[string]int64{}
	c.Must(c.Host.Store.View(t.Context(), func(v *store.View) error {
		for first, where := range tableOf {
			id, found, err := store.First[int64](v, "SELECT id FROM "+where+" ORDER BY id LIMIT 1", c.Home,
				c.IDs[7])
			if err != nil {
				return fmt.Errorf("%s: %w", first, err)
			}
			if found {
				things[first] = id
			}
		}
		return nil
	}))
	neighbour := c.SignIn("accountant-8")
	before := events(t, c)
	asked := map[string]int{}
	for _, m := range c.Modules() {
		for _, page := range m.Pages {
			method, path, _ := strings.Cut(page.Pattern, " ")
			address, about := named(c, path, things)
			if !about {
				continue
			}
			asked[method]++
			code := try(neighbour, method, address)
			if code == http.StatusForbidden || code == http.StatusNotFound {
				continue
			}
			nowhere, _ := named(c, path, map[string]int64{word(path): 1 << 40})
			if absent := try(neighbour, method, nowhere); code < 400 || code >= 500 || code != absent {
				t.Errorf("the neighbour gets %d at %s %s, and %d where nothing is", code, method, address,
					absent)
			}
		}
	}
	d := drawing{Rand: rand.New(rand.NewPCG(3, 4)), home: c.Home}
	_, body := neighbour.Get("/api/openapi.json")
	c.Must(json.Unmarshal([]byte(body), &d.described))
	for _, path := range slices.Sorted(maps.Keys(d.Paths)) {
		address, about := named(c, path, things)
		if !about {
			continue
		}
		d.Paths[address] = d.Paths[path]
		for _, method := range slices.Sorted(maps.Keys(d.Paths[path])) {
			for range 20 {
				code, _ := neighbour.Do(d.request(t, neighbour.Base(), method, address))
				if asked["operations"]++; code < 400 || code >= 500 {
					t.Errorf("the neighbour gets %d at %s %s", code, method, address)
				}
			}
		}
	}
	if asked[http.MethodGet] < 30 || asked[http.MethodPost] < 30 || asked["operations"] < 400 {
		t.Errorf("asked %v of %v: the test sees little", asked, things)
	}
	if after := events(t, c); after != before {
		t.Errorf("the neighbour left %d events", after-before)
	}
}

// events is how many changes have been recorded.
func events(t *testing.T, c apptest.County) int64 {
	t.Helper()
	n, err := store.Read(t.Context(), c.Host.Store, func(v *store.View) (int64, error) {
		return store.Count(v, "SELECT count(*) FROM event")
	})
	c.Must(err)
	return n
}
