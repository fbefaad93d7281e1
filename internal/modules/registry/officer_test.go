package registry

import (
	"bytes"
	"strings"
	"testing"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

func (x *site) appoint(ref Ref, office Office, name string, since period.Date) error {
	return x.Appoint(x.ctx, x.officer(), Appointment{Organisation: ref, Office: office, Name: name,
		Phone: "13812345678", Since: since})
}

func (x *site) people(ref Ref) []Person {
	x.t.Helper()
	list, err := store.Read(x.ctx, x.host.Store, func(v *store.View) ([]Person, error) {
		return x.Officers(v, ref)
	})
	x.must(err)
	return list
}

// TestOfficesAreKeptApart: the whole table of pairs, for one person and for two.
func TestOfficesAreKeptApart(t *testing.T) {
	never := map[string]bool{"chair supervisor": true, "council supervisor": true,
		"accountant supervisor": true, "cashier supervisor": true, "accountant cashier": true}
	each(t, func(x *site) {
		o := x.enter("天台村", 1)
		day := period.Date("2020-01-01")
		for _, a := range Offices {
			for _, b := range Offices {
				day = day.AddDays(10)
				later := day.AddDays(5)
				one, two := string(a)+string(b)+"甲", string(a)+string(b)+"乙"
				x.must(x.appoint(o.Ref(), a, one, day))
				apart := never[string(a)+" "+string(b)] || never[string(b)+" "+string(a)]
				err := x.appoint(o.Ref(), b, one, later)
				switch {
				case a == Chair && b == Chair:
					x.refused(err, "registry.chair_taken")
				case a == b:
					x.refused(err, "registry.office_twice")
				case apart:
					x.refused(err, "registry.offices_apart")
				default:
					x.must(err)
				}
				if b != Chair {
					x.must(x.appoint(o.Ref(), b, two, later))
				}
				x.leaveAll(o.Ref(), day.AddDays(9))
			}
		}
	})
}

// leaveAll ends every office of an organisation on a day.
func (x *site) leaveAll(ref Ref, on period.Date) {
	x.t.Helper()
	for _, p := range x.people(ref) {
		if p.Until == period.Open {
			x.must(x.Leave(x.ctx, x.officer(), p.Home, p.ID, on))
		}
	}
}

// TestOfficersFollowEachOther: one ends, the next begins on the same day; another organisation is free.
func TestOfficersFollowEachOther(t *testing.T) {
	each(t, func(x *site) {
		o, other := x.enter("天台村", 1), x.enter("小溪村", 2)
		x.must(x.appoint(o.Ref(), Chair, "张三", "2025-01-01"))
		x.refused(x.appoint(o.Ref(), Chair, "李四", "2025-03-01"), "registry.chair_taken")
		chair := x.people(o.Ref())[0]
		x.refused(x.Leave(x.ctx, x.officer(), chair.Home, chair.ID, "2024-12-31"), "registry.leave_day")
		x.refused(x.Leave(x.ctx, x.actor("county_officer", "白水区"), chair.Home, chair.ID, "2025-03-01"),
			"access.outside")
		x.must(x.Leave(x.ctx, x.officer(), chair.Home, chair.ID, "2025-03-01"))
		x.refused(x.Leave(x.ctx, x.officer(), chair.Home, chair.ID, "2025-04-01"), "registry.leave_day")
		x.refused(x.appoint(o.Ref(), Chair, "李四", "2025-02-28"), "registry.chair_taken")
		x.must(x.appoint(o.Ref(), Chair, "李四", "2025-03-01"))
		x.must(x.appoint(other.Ref(), Supervisor, "李四", "2025-03-01"))
		x.refused(x.appoint(o.Ref(), "mayor", "王五", "2025-03-01"), "registry.appointment")
		x.refused(x.appoint(o.Ref(), Keeper, " ", "2025-03-01"), "registry.appointment")
		x.refused(x.appoint(o.Ref(), Keeper, "王五", "2025-02-30"), "registry.appointment")
		x.refused(x.appoint(Ref{o.Home, 99}, Keeper, "王五", "2025-03-01"), "access.outside")
	})
}

// TestTwoAppointAtOnce: one chair, however many are entered at the same time.
func TestTwoAppointAtOnce(t *testing.T) {
	each(t, func(x *site) {
		o := x.enter("天台村", 1)
		results := make(chan error, 6)
		for n := range cap(results) {
			go func() { results <- x.appoint(o.Ref(), Chair, string(rune('甲'+n)), "2025-01-01") }()
		}
		won := 0
		for range cap(results) {
			if err := <-results; err == nil {
				won++
			} else if !fault.Is(err, fault.Conflict) && !fault.Is(err, fault.Stale) {
				t.Errorf("the losers are refused: %v", err)
			}
		}
		if won != 1 {
			t.Errorf("%d chairs were appointed at once", won)
		}
	})
}

// TestOfficersAreSealed: neither name nor number stands in a row or an event.
func TestOfficersAreSealed(t *testing.T) {
	each(t, func(x *site) {
		o := x.enter("天台村", 1)
		x.must(x.appoint(o.Ref(), Chair, "张三丰", "2025-01-01"))
		x.must(x.host.Store.View(x.ctx, func(v *store.View) error {
			rows, err := OfficersOf(v, o.Ref())
			if err != nil || len(rows) != 1 {
				t.Fatal(rows, err)
			}
			for _, column := range [][]byte{rows[0].Name, rows[0].NameFind, rows[0].Phone} {
				if bytes.Contains(column, []byte("张三丰")) || bytes.Contains(column, []byte("13812345678")) {
					t.Errorf("a column holds it in clear: %q", column)
				}
			}
			bodies, err := store.All[string](v, "SELECT body FROM event")
			for _, body := range bodies {
				if strings.Contains(body, "张三丰") || strings.Contains(body, "1381234") {
					t.Errorf("an event holds it in clear: %s", body)
				}
			}
			return err
		}))
		if p := x.people(o.Ref())[0]; p.ClearName != "张三丰" || p.ClearPhone != "13812345678" {
			t.Errorf("it opens as %+v", p)
		}
	})
}

// TestLoad: many at once, in the order given, provable, and only by the program.
func TestLoad(t *testing.T) {
	each(t, func(x *site) {
		all := []Organisation{x.entry("三清村", "三清村", credit(5, 9)), x.entry("天台村", "天台村", credit(5, 1)),
			x.entry("天台村一组", "一组", credit(6, 1)), x.entry("小溪村", "小溪村", "")}
		all[3].Acting, all[3].ActingBody = true, "小溪村村民委员会"
		_, err := x.Load(t.Context(), all, nil)
		x.refused(err, "access.forbidden")
		var told []int
		refs, err := x.Load(x.ctx, all, func(done int) { told = append(told, done) })
		x.must(err)
		if len(told) != 2 || told[1] != len(all) {
			t.Errorf("progress: %v", told)
		}
		for i, ref := range refs {
			if got := x.get(ref); got.Name != all[i].Name || got.Status != Active ||
				got.Home != x.Home(got.Place) {
				t.Errorf("%d was loaded as %+v", i, got)
			}
		}
		_, err = x.Load(x.ctx, []Organisation{x.entry("龙泉村", "龙泉村", credit(6, 5))}, nil)
		x.refused(err, "registry.invalid")
		people := []Appointment{
			{Organisation: refs[1], Office: Chair, Name: "张三", Since: "2025-01-01"},
			{Organisation: refs[0], Office: Chair, Name: "张三", Phone: "13912345678", Since: "2025-01-01"},
			{Organisation: refs[1], Office: Accountant, Name: "李四", Since: "2025-01-01"}}
		ids, err := x.LoadOfficers(x.ctx, people, nil)
		x.must(err)
		if got := x.people(refs[0]); len(got) != 1 || got[0].ID != ids[1] ||
			got[0].ClearPhone != "13912345678" {
			t.Errorf("loaded officers: %+v", got)
		}
		people[2].Office, people[2].Name = Supervisor, "张三"
		_, err = x.LoadOfficers(x.ctx, people, nil)
		x.refused(err, "registry.offices_apart")
		_, err = x.LoadOfficers(access.With(x.ctx, x.officer()), people, nil)
		x.refused(err, "access.forbidden")
		x.enter("白涛镇", 77) // numbers go on after those loaded
	})
}

// Home is the county of a place.
func (x *site) Home(place int64) int64 { return x.places.Home(place) }
