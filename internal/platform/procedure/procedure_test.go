package procedure_test

import (
	"context"
	"encoding/binary"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/keys"
	"github.com/terrace-project/terrace/internal/platform/log"
	"github.com/terrace-project/terrace/internal/platform/procedure"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/storetest"
	"github.com/terrace-project/terrace/internal/pure/decision"
	"github.com/terrace-project/terrace/internal/pure/division"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/flow"
	"github.com/terrace-project/terrace/internal/pure/fraction"
	"github.com/terrace-project/terrace/internal/pure/period"
	"github.com/terrace-project/terrace/internal/pure/words"
)

// The little world of these tests: city 1, county 2, townships 3 and 4, villages 5 and 6 (of 3).
var parents = map[int64]int64{2: 1, 3: 2, 4: 2, 5: 3, 6: 3}

var levels = map[int64]division.Level{1: division.Province, 2: division.County, 3: division.Township,
	4: division.Township, 5: division.Village, 6: division.Village}

type world struct{}

func (world) Path(place int64) access.Path {
	if levels[place] == 0 {
		return nil
	}
	path := binary.BigEndian.AppendUint32(nil, uint32(place))
	for p := parents[place]; p != 0; p = parents[p] {
		path = append(binary.BigEndian.AppendUint32(nil, uint32(p)), path...)
	}
	return path
}

func (world) Members(int64) []int64 { return nil }

func (world) Ancestor(place int64, level division.Level) int64 {
	for p := place; p != 0; p = parents[p] {
		if levels[p] <= level {
			return p
		}
	}
	return 0
}

func (world) Codes(int64) []string { return nil }

// people of the tests.
var people = map[int64]access.Actor{
	10: {Account: 10, Name: "Accountant of 5", Posts: []access.Post{{Role: "village", Place: 5}}},
	11: {Account: 11, Name: "Head of 5", Posts: []access.Post{{Role: "village", Place: 5}}},
	12: {Account: 12, Name: "Accountant of 6", Posts: []access.Post{{Role: "village", Place: 6}}},
	20: {Account: 20, Name: "Reviewer of 3", Posts: []access.Post{{Role: "township", Place: 3}}},
	21: {Account: 21, Name: "Reviewer of 4", Posts: []access.Post{{Role: "township", Place: 4}}},
	30: {Account: 30, Name: "County officer", Posts: []access.Post{{Role: "county", Place: 2}}},
	31: {Account: 31, Name: "County leader", Posts: []access.Post{{Role: "county", Place: 2}}},
}

type directory struct{}

func (directory) Person(_ store.Reader, account int64, _ period.Date) (access.Actor, error) {
	if p, ok := people[account]; ok {
		return p, nil
	}
	return access.Actor{}, fault.New(fault.NotFound, "store.absent")
}

func (directory) Colleagues(_ store.Reader, _ access.Permit, place int64, _ period.Date) ([]access.Actor,
	error) {
	var all []access.Actor
	for _, p := range people {
		if p.Posts[0].Place == place {
			all = append(all, p)
		}
	}
	return all, nil
}

var roles = []access.Role{
	{Key: "village", Permits: []access.Permit{"check.count"}},
	{Key: "township", Permits: []access.Permit{"check.review"}},
	{Key: "county", Permits: []access.Permit{"check.approve"}},
}

func title(s string) words.Words { return words.Words{Chinese: s, English: s} }

var definition = flow.Definition{Key: "check", Version: 1, Title: title("check"),
	Withdraw: []string{"count"},
	Steps: []flow.Step{
		{Key: "count", Title: title("count"), Kind: flow.Work, Level: division.Village,
			Permit: "check.count",
			Guards: []string{"counted"}, Deadline: flow.Deadline{WorkingDays: 5},
			Escalate: flow.Escalation{WorkingDays: 2, Level: division.Township}},
		{Key: "notice", Title: title("notice"), Kind: flow.Notice, Level: division.Village,
			Permit: "check.count",
			Notice: flow.NoticeRule{Days: 7, AnswerDays: 3}, ReturnTo: []string{"count"}},
		{Key: "meeting", Title: title("meeting"), Kind: flow.Meeting, Level: division.Village,
			Permit: "check.count",
			Matter: "check"},
		{Key: "review", Title: title("review"), Kind: flow.Review, Level: division.Township,
			Permit: "check.review",
			NotBy:  []string{"count"}, ReturnTo: []string{"count"},
			Deadline: flow.Deadline{WorkingDays: 5}},
		{Key: "approval", Title: title("approval"), Kind: flow.Review, Level: division.County,
			Permit: "check.approve",
			NotBy:  []string{"count", "review"}, ReturnTo: []string{"count", "review"}},
	}}

// scene is an engine over a store with a clock the test moves.
type scene struct {
	*testing.T
	store  *store.Store
	engine *procedure.Engine
	now    *atomic.Int64
	ready  *atomic.Bool // what the guard says
	heard  *[]string    // what the handler was told, by the commits that stood
}

func (s scene) setDate(d period.Date) { s.now.Store(int64(d.Start().Add(9 * time.Hour))) }

func each(t *testing.T, fn func(s scene)) {
	t.Helper()
	paths := store.Part{Name: "paths", Migrations: fstest.MapFS{"0001_paths.sql": {Data: []byte(`-- +goose Up
CREATE TABLE place_path (place BIGINT NOT NULL, path BYTEA NOT NULL, PRIMARY KEY (place));
CREATE TABLE heard (home BIGINT NOT NULL,
	id BIGINT NOT NULL, what TEXT NOT NULL, PRIMARY KEY (home, id));`)}}}
	var now atomic.Int64
	clock := storetest.WithClock(func() time.Time { return period.Instant(now.Load()).Time() })
	storetest.Each(t, []store.Part{log.Part(), procedure.Part(), paths}, func(t *testing.T,
		db *store.Store) {
		s := scene{T: t, store: db, now: &now, ready: &atomic.Bool{}, heard: &[]string{}}
		s.setDate("2026-01-05")
		s.ready.Store(true)
		db.Seal(procedure.Tables()...)
		s.engine = s.newEngine()
		s.paths()
		fn(s)
		s.checkAll()
	}, clock)
}

func (s scene) newEngine() *procedure.Engine {
	a := access.New()
	a.SetPlaces(world{})
	a.SetRoles(roles)
	ring, err := keys.New(storetest.Random(3))
	if err != nil {
		s.Fatal(err)
	}
	e := procedure.New(s.store, a, ring)
	e.SetPlaces(world{})
	e.SetDirectory(directory{})
	cal, err := period.NewCalendar(period.YearDays{Year: 2026})
	if err != nil {
		s.Fatal(err)
	}
	e.SetCalendar(cal)
	e.Define(definition)
	two := fraction.Threshold{Fraction: fraction.Fraction{Numerator: 2, Denominator: 3}}
	e.SetRules(map[string][]decision.Rule{"check": {{Body: decision.Assembly, Attend: two, Pass: two}}})
	e.Register("check", procedure.Handler{
		Guards: map[string]func(store.Reader, procedure.File) error{"counted": func(store.Reader,
			procedure.File) error {
			if !s.ready.Load() {
				return fault.New(fault.Conflict, "procedure.body")
			}
			return nil
		}},
		Entered: func(tx *store.Tx, _ access.Actor, f procedure.File) error { return hear(tx, f.Step) },
		Ended: func(tx *store.Tx, _ access.Actor, f procedure.File) error {
			return hear(tx,
				string(f.Status))
		},
		Notice: func(_ store.Reader, f procedure.File) (procedure.Content, error) {
			return procedure.Content{Title: title("result of the check"), Tables: []words.Table{{
				Title: f.Title(), Heading: []words.Words{title("name")},
				Rows: [][]words.Words{{title("a barn")}}}}}, nil
		},
	})
	return e
}

func hear(tx *store.Tx, what string) error {
	id, err := tx.NextID(2, "heard")
	if err != nil {
		return err
	}
	_, err = tx.Exec(`INSERT INTO heard (home, id, what) VALUES (2, ?, ?)`, id, what)
	return err
}

func (s scene) paths() {
	err := s.store.Maintain(s.Context(), func(tx *store.Tx) error {
		for place := range levels {
			if _, err := tx.Exec(`INSERT INTO place_path (place, path) VALUES (?, ?)`, place,
				[]byte(world{}.Path(place))); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		s.Fatal(err)
	}
}

// checkAll: after every test the derived rows are what the acts give.
func (s scene) checkAll() {
	s.Helper()
	if err := s.engine.Check(s.Context(), func(f fault.Finding) {
		s.Errorf("after the test: %s",
			f)
	}); err != nil {
		s.Error(err)
	}
}

func (s scene) open(subject string, place int64) procedure.Ref {
	s.Helper()
	var ref procedure.Ref
	err := s.store.Write(s.Context(), func(tx *store.Tx) error {
		f, err := s.engine.Open(tx, people[30], procedure.Opening{Procedure: "check", Home: 2, Place: place,
			Subject: subject, Title: title("Check of " + subject), Year: 2025})
		ref = f.Ref()
		return err
	})
	if err != nil {
		s.Fatal(err)
	}
	return ref
}

func (s scene) load(ref procedure.Ref) procedure.File {
	s.Helper()
	f, err := store.Read(s.Context(), s.store, func(v *store.View) (procedure.File,
		error) {
		return s.engine.Load(v, ref)
	})
	if err != nil {
		s.Fatal(err)
	}
	return f
}

// do does an act as a person at the newest version.
func (s scene) do(who int64, ref procedure.Ref, a flow.Act) error {
	s.Helper()
	_, err := s.engine.Do(s.Context(), people[who], ref, s.load(ref).Version, a)
	return err
}

func (s scene) must(who int64, ref procedure.Ref, a flow.Act) {
	s.Helper()
	if err := s.do(who, ref, a); err != nil {
		s.Fatalf("%s by %d: %v", a.Verb, who, err)
	}
}

func (s scene) inbox(who int64) []procedure.Item {
	s.Helper()
	items, err := store.Read(s.Context(), s.store, func(v *store.View) ([]procedure.Item, error) {
		return s.engine.Inbox(v, people[who], procedure.InboxQuery{})
	})
	if err != nil {
		s.Fatal(err)
	}
	n, err := store.Read(s.Context(), s.store, func(v *store.View) (int64,
		error) {
		return s.engine.InboxCount(v, people[who])
	})
	if err != nil || int(n) != len(items) {
		s.Errorf("the bell of %d says %d, the inbox holds %d (%v)", who, n, len(items), err)
	}
	return items
}

var vote = flow.Act{Verb: flow.Decide, Record: &decision.Record{Body: decision.Assembly,
	HeldOn:   "2026-01-14",
	Eligible: 30, OnSite: 25, Yes: 22, No: 3}}

// toReview brings a case of village 5 to the township's desk.
func (s scene) toReview(ref procedure.Ref) {
	s.Helper()
	s.must(10, ref, flow.Act{Verb: flow.Submit})
	s.must(10, ref, flow.Act{Verb: flow.Post})
	s.setDate("2026-01-13")
	if moved, err := s.engine.Tick(s.Context()); err != nil || moved == 0 {
		s.Fatalf("the notice was not closed: %d, %v", moved, err)
	}
	s.setDate("2026-01-15")
	s.must(10, ref, vote)
}

func TestACaseClimbsTheTree(t *testing.T) {
	each(t, func(s scene) {
		ref := s.open("check/1", 5)
		if got := s.inbox(10); len(got) != 1 || got[0].Why != procedure.MyPost || len(s.inbox(20)) != 0 ||
			len(s.inbox(12)) != 0 {
			t.Errorf("after opening: %v", got)
		}
		s.toReview(ref)
		if len(s.inbox(10)) != 0 || len(s.inbox(20)) != 1 || len(s.inbox(21)) != 0 {
			t.Error("the case is not on the township's desk alone")
		}
		s.must(20, ref, flow.Act{Verb: flow.Approve})
		s.must(31, ref, flow.Act{Verb: flow.Approve})
		if f := s.load(ref); f.Status != flow.Done || f.Ended == 0 {
			t.Errorf("the case is %s", f.Status)
		}
		heard, err := store.Read(t.Context(), s.store, func(v *store.View) ([]string, error) {
			return store.All[string](v, `SELECT what FROM heard ORDER BY id`)
		})
		if err != nil || strings.Join(heard, " ") != "count notice meeting review approval done" {
			t.Errorf("the module heard %v, %v", heard, err)
		}
	})
}

func TestOnlyThoseWithTheDutyMayAct(t *testing.T) {
	each(t, func(s scene) {
		ref := s.open("check/1", 5)
		for who, want := range map[int64]fault.Code{12: fault.NotFound, 20: fault.Forbidden,
			30: fault.Forbidden, 0: fault.Unauthenticated} {
			if err := s.do(who, ref, flow.Act{Verb: flow.Submit}); !fault.Is(err, want) {
				t.Errorf("submit by %d: %v, want %s", who, err, want)
			}
		}
		s.toReview(ref)
		if err := s.do(21, ref, flow.Act{Verb: flow.Approve}); !fault.Is(err, fault.NotFound) {
			t.Errorf("the neighbouring township approved: %v", err)
		}
		if err := s.do(20, ref, flow.Act{Verb: flow.Escalate}); !fault.Is(err, fault.Forbidden) {
			t.Errorf("a person escalated: %v", err)
		}
	})
}

func TestGuardsHoldTheCase(t *testing.T) {
	each(t, func(s scene) {
		ref := s.open("check/1", 5)
		s.ready.Store(false)
		if err := s.do(10, ref, flow.Act{Verb: flow.Submit}); !fault.HasKey(err, "procedure.body") {
			t.Errorf("an unmet guard: %v", err)
		}
		panel, err := store.Read(t.Context(), s.store, func(v *store.View) (procedure.Panel, error) {
			return s.engine.Panel(v, people[10], s.load(ref))
		})
		if err != nil || panel.Blocked == nil || len(panel.Actions) == 0 ||
			panel.Actions[0].Verb != flow.Submit {
			t.Errorf("the panel does not say why: %+v, %v", panel.Actions, err)
		}
		s.ready.Store(true)
		s.must(10, ref, flow.Act{Verb: flow.Submit})
	})
}

// TestTwoDecideAtOnce: two officers press at the same moment; exactly one decision stands.
func TestTwoDecideAtOnce(t *testing.T) {
	each(t, func(s scene) {
		for round := range 5 {
			ref := s.open("check/"+string(rune('1'+round)), 5)
			version := s.load(ref).Version
			var wg sync.WaitGroup
			errs := make([]error, 2)
			for i, who := range []int64{10, 11} {
				wg.Go(func() {
					_, errs[i] = s.engine.Do(context.Background(), people[who], ref, version,
						flow.Act{Verb: flow.Submit})
				})
			}
			wg.Wait()
			won := 0
			for _, err := range errs {
				switch {
				case err == nil:
					won++
				case !fault.Is(err, fault.Stale):
					t.Errorf("the other was told %v", err)
				}
			}
			if f := s.load(ref); won != 1 || f.Version != 2 {
				t.Errorf("%d decisions stood, the case has version %d", won, f.Version)
			}
		}
	})
}

func TestReturnedWorkComesBackWithItsReason(t *testing.T) {
	each(t, func(s scene) {
		ref := s.open("check/1", 5)
		s.toReview(ref)
		s.must(20, ref, flow.Act{Verb: flow.Return, To: "count", Reason: "the barn is missing"})
		items := s.inbox(10)
		if len(items) != 1 || items[0].Round != 2 || items[0].Step != "count" {
			t.Fatalf("inbox %+v", items)
		}
		panel, err := store.Read(t.Context(), s.store, func(v *store.View) (procedure.Panel, error) {
			return s.engine.Panel(v, people[10], s.load(ref))
		})
		if err != nil || panel.Timeline[0].Reason != "the barn is missing" ||
			panel.Timeline[0].Who != "Reviewer of 3" ||
			panel.Timeline[0].ToName.English != "count" {
			t.Errorf("timeline %+v, %v", panel.Timeline[0], err)
		}
	})
}

func TestObjectionsAreSealedAnsweredAndHoldTheCase(t *testing.T) {
	each(t, func(s scene) {
		ref := s.open("check/1", 5)
		s.must(10, ref, flow.Act{Verb: flow.Submit})
		s.must(10, ref, flow.Act{Verb: flow.Post})
		said := procedure.Objecting{Name: "Wang", Contact: "13812345678", Body: "the pond is not listed"}
		if _, err := s.engine.Object(t.Context(), access.Actor{}, ref,
			procedure.Objecting{Name: "Wang"}); !fault.Is(err, fault.Invalid) {
			t.Errorf("an empty objection: %v", err)
		}
		number, err := s.engine.Object(t.Context(), access.Actor{}, ref, said)
		if err != nil || number != 1 {
			t.Fatalf("objection %d, %v", number, err)
		}
		s.setDate("2026-01-14")
		if moved, err := s.engine.Tick(t.Context()); err != nil || moved != 0 {
			t.Errorf("a notice with an open objection was closed (%d, %v)", moved, err)
		}
		o, err := store.Read(t.Context(), s.store, func(v *store.View) ([]procedure.ObjectionRow,
			error) {
			return s.engine.Objections(v, ref)
		})
		if err != nil || len(o) != 1 || strings.Contains(string(o[0].Contact), "138") {
			t.Fatalf("objections %v, %v", o, err)
		}
		if name, contact, err := s.engine.Objector(o[0]); err != nil || name != "Wang" ||
			contact != "13812345678" {
			t.Errorf("opened to %s %s, %v", name, contact, err)
		}
		answer := procedure.Answering{Number: 1, Body: "it belongs to the township"}
		if err := s.engine.AnswerObjection(t.Context(), people[12], ref, answer); err == nil {
			t.Error("a stranger answered")
		}
		if err := s.engine.AnswerObjection(t.Context(), people[10], ref, answer); err != nil {
			t.Fatal(err)
		}
		if moved, err := s.engine.Tick(t.Context()); err != nil || moved != 1 {
			t.Errorf("after the answer the notice was not closed (%d, %v)", moved, err)
		}
	})
}

func TestANoticeIsKeptWithItsHash(t *testing.T) {
	each(t, func(s scene) {
		ref := s.open("check/1", 5)
		s.must(10, ref, flow.Act{Verb: flow.Submit})
		s.must(10, ref, flow.Act{Verb: flow.Post})
		up := func() []procedure.NoticeRow {
			rows, err := store.Read(t.Context(), s.store, func(v *store.View) ([]procedure.NoticeRow,
				error) {
				return s.engine.NoticesUp(v, access.Under(world{}.Path(2)), procedure.NoticeKey{}, 10)
			})
			if err != nil {
				t.Fatal(err)
			}
			return rows
		}
		first := up()
		if len(first) != 1 || first[0].Ends != "2026-01-12" || len(first[0].Hash) != 64 {
			t.Fatalf("up: %+v", first)
		}
		s.setDate("2026-01-08")
		s.must(10, ref, flow.Act{Verb: flow.Post})
		again := up()
		if len(again) != 1 || again[0].ID == first[0].ID || again[0].Ends != "2026-01-15" {
			t.Errorf("posted again: %+v", again)
		}
		s.must(10, ref, flow.Act{Verb: flow.Return, To: "count", Reason: "a row is wrong"})
		if left := up(); len(left) != 0 {
			t.Errorf("a void notice is still up: %+v", left)
		}
	})
}

func TestOverdueStepsAreRaisedOnce(t *testing.T) {
	each(t, func(s scene) {
		ref := s.open("check/1", 5) // due five working days later: 12 January
		s.setDate("2026-01-13")
		if moved, err := s.engine.Tick(t.Context()); err != nil || moved != 0 {
			t.Errorf("raised too early (%d, %v)", moved, err)
		}
		s.setDate("2026-01-14")
		if moved, err := s.engine.Tick(t.Context()); err != nil || moved != 1 {
			t.Errorf("not raised (%d, %v)", moved, err)
		}
		if moved, err := s.engine.Tick(t.Context()); err != nil || moved != 0 {
			t.Errorf("raised twice (%d, %v)", moved, err)
		}
		if f := s.load(ref); f.Raised != 3 {
			t.Errorf("raised to place %d, want the township", f.Raised)
		}
		s.must(10, ref, flow.Act{Verb: flow.Submit})
		if f := s.load(ref); f.Raised != 0 {
			t.Error("still raised after it moved on")
		}
	})
}

func TestDelegation(t *testing.T) {
	each(t, func(s scene) {
		ref := s.open("check/1", 5)
		give := procedure.Delegation{Taker: 12, Since: "2026-01-05", Until: "2026-01-10", Reason: "leave"}
		if err := s.engine.Delegate(t.Context(), people[10], procedure.Delegation{Taker: 12,
			Since: "2026-01-05", Until: "2026-01-05"}); !fault.Is(err, fault.Invalid) {
			t.Errorf("a delegation of no time: %v", err)
		}
		if err := s.engine.Delegate(t.Context(), people[10], give); err != nil {
			t.Fatal(err)
		}
		if items := s.inbox(12); len(items) != 1 || items[0].Why != procedure.MyAbsence {
			t.Errorf("the delegate's inbox: %v", items)
		}
		s.setDate("2026-01-10")
		if err := s.do(12, ref, flow.Act{Verb: flow.Submit}); err == nil {
			t.Error("a delegation was used after it ended")
		}
		s.setDate("2026-01-09")
		s.must(12, ref, flow.Act{Verb: flow.Submit})
		f := s.load(ref)
		if last := f.Acts[len(f.Acts)-1]; last.Actor != 12 || last.Behalf != 10 {
			t.Errorf("recorded as %d for %d", last.Actor, last.Behalf)
		}
	})
}

func TestFurtherSignersAndTransfer(t *testing.T) {
	each(t, func(s scene) {
		ref := s.open("check/1", 5)
		if err := s.do(10, ref, flow.Act{Verb: flow.Transfer, Accounts: []int64{12},
			Reason: "leave"}); !fault.HasKey(err, "procedure.person") {
			t.Errorf("handed to somebody without the post: %v", err)
		}
		s.must(10, ref, flow.Act{Verb: flow.Transfer, Accounts: []int64{11}, Reason: "leave"})
		if items := s.inbox(11); len(items) != 1 || items[0].Why != procedure.MyOwn ||
			len(s.inbox(10)) != 0 {
			t.Errorf("after the transfer: %v", items)
		}
		if err := s.do(10, ref, flow.Act{Verb: flow.Submit}); !fault.HasKey(err, "flow.held") {
			t.Errorf("the former holder acted: %v", err)
		}
		s.must(11, ref, flow.Act{Verb: flow.Transfer, Accounts: []int64{10}, Reason: "back"})
		s.toReview(ref)
		s.must(20, ref, flow.Act{Verb: flow.AddSigner, Accounts: []int64{21}})
		if items := s.inbox(21); len(items) != 1 || items[0].Why != procedure.MySign {
			t.Errorf("the asked signer's inbox: %v", items)
		}
		s.must(20, ref, flow.Act{Verb: flow.Approve})
		if f := s.load(ref); f.Step != "review" {
			t.Error("went on without the asked signer")
		}
		s.must(21, ref, flow.Act{Verb: flow.Approve})
		if f := s.load(ref); f.Step != "approval" || len(s.inbox(21)) != 0 {
			t.Errorf("after both signed: %s", f.Step)
		}
	})
}

func TestBulkDecidesEachOnItsOwn(t *testing.T) {
	each(t, func(s scene) {
		a, b := s.open("check/1", 5), s.open("check/2", 6)
		outcomes, err := s.engine.Bulk(t.Context(), people[10], []procedure.Decision{
			{Ref: b, Act: flow.Act{Verb: flow.Submit}}, {Ref: a, Act: flow.Act{Verb: flow.Submit}}})
		if err != nil || outcomes[0].Err == nil || outcomes[1].Err != nil {
			t.Errorf("outcomes %+v, %v", outcomes, err)
		}
		if s.load(a).Step != "notice" || s.load(b).Step != "count" {
			t.Error("a refused decision stopped another, or went through")
		}
		if _, err := s.engine.Bulk(t.Context(), people[10], make([]procedure.Decision,
			procedure.BulkMax+1)); !fault.Is(err, fault.TooLarge) {
			t.Errorf("too many at once: %v", err)
		}
	})
}

func TestRunningCasesKeepTheirRoute(t *testing.T) {
	each(t, func(s scene) {
		ref := s.open("check/1", 5)
		changed := definition
		changed.Version, changed.Steps = 2, definition.Steps[:1]
		s.engine.Define(changed)
		if f := s.load(ref); len(f.Case.Route) != 5 {
			t.Errorf("a running case has %d steps after the definition changed", len(f.Case.Route))
		}
		if f := s.load(s.open("check/2", 5)); len(f.Case.Route) != 1 {
			t.Error("a new case does not follow the new definition")
		}
	})
}

// TestAFailingCaseStopsNoOther: the clock meets a case whose handler fails and goes on.
func TestAFailingCaseStopsNoOther(t *testing.T) {
	each(t, func(s scene) {
		bad, good := s.open("check/1", 5), s.open("check/2", 6)
		for who, ref := range map[int64]procedure.Ref{10: bad, 12: good} {
			s.must(who, ref, flow.Act{Verb: flow.Submit})
			s.must(who, ref, flow.Act{Verb: flow.Post})
		}
		s.engine.Register("check", procedure.Handler{Entered: func(_ *store.Tx, _ access.Actor,
			f procedure.File) error {
			if f.Ref() == bad {
				return errors.New("a bug in a module")
			}
			return nil
		}})
		s.setDate("2026-01-13")
		if moved, err := s.engine.Tick(t.Context()); err != nil || moved != 1 {
			t.Errorf("moved %d, %v", moved, err)
		}
		if s.load(good).Step != "meeting" || s.load(bad).Step != "notice" {
			t.Error("the wrong case moved")
		}
	})
}

// TestAlteredRowsAreNamed: a case changed behind the program's back is found by the check.
func TestAlteredRowsAreNamed(t *testing.T) {
	each(t, func(s scene) {
		ref := s.open("check/1", 5)
		var found []fault.Finding
		storetest.Tamper(t, s.store, `UPDATE procedure_case SET status = 'done' WHERE id = ?`, ref.ID)
		if err := s.engine.Check(t.Context(), func(f fault.Finding) {
			found = append(found,
				f)
		}); err != nil || len(found) != 1 ||
			found[0].Key != "procedure.check.case" {
			t.Errorf("found %v, %v", found, err)
		}
		storetest.Tamper(t, s.store, `UPDATE procedure_case SET status = 'running' WHERE id = ?`, ref.ID)
	})
}
