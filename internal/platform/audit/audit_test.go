package audit_test

import (
	"encoding/binary"
	"fmt"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/audit"
	"github.com/terrace-project/terrace/internal/platform/keys"
	"github.com/terrace-project/terrace/internal/platform/log"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/storetest"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// clock is a clock that a test moves.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(time.Millisecond)
	return c.now
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// places: 1 a city, 2 and 3 its counties, 5 and 6 villages of 2, 7 one of 3.
type places struct{}

var parents = map[int64]int64{1: 0, 2: 1, 3: 1, 5: 2, 6: 2, 7: 3}

func (places) Path(place int64) access.Path {
	if _, known := parents[place]; !known {
		return nil
	}
	var path access.Path
	for p := place; p != 0; p = parents[p] {
		path = append(binary.BigEndian.AppendUint32(nil, uint32(p)), path...)
	}
	return path
}

func (places) Members(int64) []int64 { return nil }

const placeTable = `-- +goose Up
CREATE TABLE place_path (place BIGINT NOT NULL, path BYTEA NOT NULL, PRIMARY KEY (place));`

var roles = []access.Role{
	{Key: "auditor", Administrator: "audit", Permits: []access.Permit{audit.Read}},
	{Key: "officer", Permits: []access.Permit{"registry.read"}},
}

// The people of the tests: an auditor of everything, one of county 2, and an officer there.
var (
	auditor = access.Actor{Account: 1, Session: 1, Posts: []access.Post{{Role: "auditor"}}}
	local   = access.Actor{Account: 2, Session: 2, Posts: []access.Post{{Role: "auditor", Place: 2}}}
	officer = access.Actor{Account: 3, Session: 3, Posts: []access.Post{{Role: "officer", Place: 2}}}
)

// record is a record under test.
type record struct {
	*audit.Service
	t     *testing.T
	store *store.Store
	clock *clock
}

func each(t *testing.T, fn func(*record)) {
	t.Helper()
	clock := &clock{}
	part := store.Part{Name: "places",
		Migrations: fstest.MapFS{"0001_places.sql": {Data: []byte(placeTable)}}}
	parts := []store.Part{log.Part(), audit.Part(), part}
	storetest.Each(t, parts, func(t *testing.T, s *store.Store) {
		clock.now = storetest.Start
		ring, err := keys.New(storetest.Random(7))
		if err != nil {
			t.Fatal(err)
		}
		s.Seal(audit.Tables()...)
		a := access.New()
		a.SetRoles(roles)
		a.SetPlaces(places{})
		r := &record{audit.New(audit.Config{Store: s, Keys: ring, Access: a}), t, s, clock}
		r.must(s.Maintain(t.Context(), func(tx *store.Tx) error {
			for place := range parents {
				if _, err := tx.Exec(`INSERT INTO place_path (place, path) VALUES (?, ?)`, place,
					[]byte(places{}.Path(place))); err != nil {
					return err
				}
			}
			return nil
		}))
		fn(r)
	}, storetest.WithClock(clock.Now))
}

func (r *record) must(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

func (r *record) refused(err error, key string) {
	r.t.Helper()
	if !fault.HasKey(err, key) {
		r.t.Errorf("got %v, want the refusal %s", err, key)
	}
}

func (r *record) count(sql string, args ...any) int64 {
	r.t.Helper()
	n, err := store.Read(r.t.Context(), r.store, func(v *store.View) (int64, error) {
		return store.Count(v, sql, args...)
	})
	r.must(err)
	return n
}

func (r *record) events(kind string) int64 {
	r.t.Helper()
	return r.count(`SELECT count(*) FROM event WHERE kind = ?`, kind)
}

// attempt notes an attempt of an account at a place from an address.
func (r *record) attempt(account, place int64, login string, result audit.Result) {
	r.t.Helper()
	r.must(r.store.Maintain(r.t.Context(), func(tx *store.Tx) error {
		return r.Note(tx, audit.Attempt{Account: account, Place: place, Login: r.LoginHash(login),
			Client: audit.Client{Address: "198.51.100.7", Agent: "Test"}.Tidy(), Method: audit.ByPassword,
			Result: result})
	}))
}

// TestRecordIsSealed: finished days are sealed once, a row changed, added or taken out is found,
// and days are removed only when they have been kept long enough.
func TestRecordIsSealed(t *testing.T) {
	each(t, func(r *record) {
		r.attempt(3, 5, "anna", audit.Done)
		r.clock.pass(24 * time.Hour)
		r.attempt(3, 5, "anna", audit.Wrong)
		r.must(r.Tidy(t.Context()))
		r.must(r.Tidy(t.Context()))
		if n := r.events("sign_ins.sealed"); n != 1 {
			t.Fatalf("%d days are sealed, want only the finished one", n)
		}
		r.clock.pass(24 * time.Hour)
		r.must(r.Tidy(t.Context()))
		if n := r.events("sign_ins.sealed"); n != 2 || r.damage() != 0 {
			t.Fatalf("%d days are sealed with %d findings, want 2 and none", n, r.damage())
		}
		for _, step := range []struct{ harm, mend string }{
			{`UPDATE sign_in SET address = '10.9.9.9' WHERE result = 'wrong'`,
				`UPDATE sign_in SET address = '198.51.100.7' WHERE result = 'wrong'`},
			{`INSERT INTO sign_in SELECT home, id + 1000, at, account, place, login, address, network, agent,
				method, 'done' FROM sign_in WHERE result = 'wrong'`, `DELETE FROM sign_in WHERE id > 1000`},
		} {
			storetest.Tamper(t, r.store, step.harm)
			if n := r.damage(); n != 1 {
				t.Errorf("%s: %d findings, want 1", step.harm, n)
			}
			storetest.Tamper(t, r.store, step.mend)
		}
		r.clock.pass(399 * 24 * time.Hour)
		r.must(r.Tidy(t.Context()))
		if first, second := r.kept("done"), r.kept("wrong"); first != 0 || second != 1 {
			t.Errorf("after 400 days %d rows of the first and %d of the second day are kept", first, second)
		}
		r.clock.pass(24 * time.Hour)
		r.must(r.Tidy(t.Context()))
		if n := r.kept("wrong"); n != 0 || r.damage() != 0 {
			t.Errorf("%d rows outlived their time; %d findings", n, r.damage())
		}
		if n := r.events("sign_ins.purged"); n != 2 {
			t.Errorf("%d removals are recorded, want 2", n)
		}
	})
}

func (r *record) kept(result string) int64 {
	r.t.Helper()
	return r.count(`SELECT count(*) FROM sign_in WHERE result = ?`, result)
}

// damage counts what the check of the record finds.
func (r *record) damage() int {
	r.t.Helper()
	n := 0
	r.must(r.Check(r.t.Context(), func(fault.Finding) { n++ }))
	return n
}

// TestNoPackGoesBelowTheLaw: six months, whatever is configured.
func TestNoPackGoesBelowTheLaw(t *testing.T) {
	each(t, func(r *record) {
		hasty := audit.New(audit.Config{Store: r.store, Policy: audit.Policy{SignInsKept: time.Hour}})
		r.attempt(3, 5, "anna", audit.Done)
		r.clock.pass(183 * 24 * time.Hour)
		r.must(hasty.Tidy(t.Context()))
		if n := r.kept("done"); n != 1 {
			t.Error("a row did not live half a year")
		}
	})
}

// TestSignIns are filtered, within the auditor's reach, and everybody sees their own.
func TestSignIns(t *testing.T) {
	each(t, func(r *record) {
		r.attempt(3, 5, "anna", audit.Done)
		r.attempt(3, 5, "anna", audit.Wrong)
		r.attempt(4, 7, "berta", audit.Done)
		r.attempt(0, 0, "Nobody.Here", audit.Unknown)
		for name, c := range map[string]struct {
			actor access.Actor
			q     audit.SignInQuery
			want  int64
		}{
			"all": {auditor, audit.SignInQuery{}, 4}, "failures": {auditor,
				audit.SignInQuery{Failures: true}, 2},
			"one": {auditor, audit.SignInQuery{Account: 3}, 2}, "county": {local, audit.SignInQuery{}, 2},
			"unknown":  {auditor, audit.SignInQuery{Login: "nobody.here"}, 1},
			"address":  {auditor, audit.SignInQuery{Address: "198.51.100.7"}, 4},
			"tomorrow": {auditor, audit.SignInQuery{From: "2026-01-06"}, 0},
			"today":    {auditor, audit.SignInQuery{From: "2026-01-05", To: "2026-01-05"}, 4},
			"own":      {officer, audit.SignInQuery{Account: 3}, 2},
		} {
			c.q.Limit = 50
			list, total, err := r.SignIns(t.Context(), c.actor, c.q)
			r.must(err)
			if total != c.want || int64(len(list)) != c.want {
				t.Errorf("%s finds %d (%d), want %d", name, len(list), total, c.want)
			}
		}
		_, _, err := r.SignIns(t.Context(), officer, audit.SignInQuery{Limit: 1})
		r.refused(err, "access.forbidden")
		_, _, err = r.SignIns(t.Context(), officer, audit.SignInQuery{Account: 4, Limit: 1})
		r.refused(err, "access.forbidden")
		_, _, err = r.SignIns(t.Context(), access.Actor{}, audit.SignInQuery{Limit: 1})
		r.refused(err, "access.sign_in")
	})
}

// TestEvents: everybody's acts for the installation's auditor, one county's for its own, nothing
// for anybody else; page by page over all homes.
func TestEvents(t *testing.T) {
	each(t, func(r *record) {
		for i := range 10 {
			r.must(r.store.Write(t.Context(), func(tx *store.Tx) error {
				_, err := tx.Record(store.Event{Home: 2 + int64(i%2), Kind: "check.counted", Place: 5 +
					int64(i%3),
					Subject: fmt.Sprint("check/", i), Actor: 9})
				return err
			}))
		}
		seen, after := map[string]bool{}, ""
		for {
			list, total, err := r.Events(t.Context(), auditor, audit.EventQuery{After: after, Limit: 4})
			r.must(err)
			if total != 10 {
				t.Fatalf("the total of a page is %d", total)
			}
			for _, e := range list {
				seen[e.Subject] = true
				after = audit.EventKey(e)
			}
			if len(list) < 4 {
				break
			}
		}
		if len(seen) != 10 {
			t.Errorf("the pages hold %d events, want 10", len(seen))
		}
		for name, c := range map[string]struct {
			actor access.Actor
			q     audit.EventQuery
			want  int64
		}{
			"kind": {auditor, audit.EventQuery{Kind: "check."}, 10}, "wild": {auditor,
				audit.EventQuery{Kind: "%"}, 0},
			"subject": {auditor, audit.EventQuery{Subject: "check/3"}, 1},
			"place":   {auditor, audit.EventQuery{Place: 5}, 4}, "above": {auditor,
				audit.EventQuery{Place: 2}, 7},
			"abolished": {auditor, audit.EventQuery{Place: 99}, 0},
			"actor":     {auditor, audit.EventQuery{Actor: 9}, 10}, "other": {auditor,
				audit.EventQuery{Actor: 8}, 0},
			"days": {auditor, audit.EventQuery{From: "2026-01-06"}, 0}, "county": {local,
				audit.EventQuery{}, 7},
			"beyond": {local, audit.EventQuery{Place: 7}, 0},
			"cursor": {auditor, audit.EventQuery{After: "not/a/cursor"}, 10},
		} {
			c.q.Limit = 50
			list, total, err := r.Events(t.Context(), c.actor, c.q)
			r.must(err)
			if total != c.want || int64(len(list)) != c.want {
				t.Errorf("%s finds %d (%d), want %d", name, len(list), total, c.want)
			}
		}
		_, _, err := r.Events(t.Context(), officer, audit.EventQuery{Limit: 1})
		r.refused(err, "access.forbidden")
		list, _, err := r.Events(t.Context(), auditor, audit.EventQuery{Place: 7, Limit: 1})
		r.must(err)
		_, _, err = r.Event(t.Context(), local, list[0].Home, list[0].ID)
		r.refused(err, "access.outside")
		if e, _, err := r.Event(t.Context(), auditor, list[0].Home, list[0].ID); err != nil ||
			e.Place != 7 {
			t.Errorf("one event: %+v, %v", e, err)
		}
		_, _, err = r.Event(t.Context(), auditor, 2, 9999)
		r.refused(err, "audit.no_event")
	})
}

// TestUnmasking: one record, a reason, within one's places, thirty an hour, each recorded; two at
// once are two.
func TestUnmasking(t *testing.T) {
	each(t, func(r *record) {
		u := audit.Unmasking{Home: 2, Place: 5, Permit: "registry.read", Subject: "household/37",
			Field: "id_number", Reason: "核对补贴发放名单"}
		var running sync.WaitGroup
		for range 40 {
			running.Go(func() {
				if err := r.Unmask(t.Context(), officer, u); err != nil {
					r.refused(err, "audit.unmask.often")
				}
			})
		}
		running.Wait()
		if n := r.count(`SELECT count(*) FROM unmasking`); n != 30 {
			t.Errorf("of 40 at once %d saw something, want 30", n)
		}
		u.Home = 3
		r.refused(r.Unmask(t.Context(), officer, u), "audit.unmask.often")
		r.clock.pass(time.Hour + time.Minute)
		r.must(r.Unmask(t.Context(), officer, u))
		u.Reason = "看看"
		r.refused(r.Unmask(t.Context(), officer, u), "audit.unmask.reason")
		u.Reason, u.Place = "核对补贴发放名单", 7
		r.refused(r.Unmask(t.Context(), officer, u), "access.outside")
		r.refused(r.Unmask(t.Context(), auditor, u), "access.forbidden")
		program := officer
		program.Session = 0
		r.refused(r.Unmask(t.Context(), program, u), "audit.unmask.signed_in")
		if n := r.events("personal.unmasked"); n != 31 {
			t.Errorf("%d events are recorded, want 31", n)
		}
		if n := r.count(`SELECT count(*) FROM event WHERE body LIKE '%补贴%'`); n != 0 {
			t.Error("the reason stands in an event")
		}
	})
}
