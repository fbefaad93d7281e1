package form_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/terrace-project/terrace/internal/modules/reporting/form"
	"github.com/terrace-project/terrace/internal/pure/division"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/fraction"
	"github.com/terrace-project/terrace/internal/pure/period"
	"github.com/terrace-project/terrace/internal/pure/words"
)

func both(text string) words.Words { return words.Words{Chinese: text, English: text + " en"} }

func number(n int64) *int64 { return &n }

// sample is a form with one cell of each sort.
func sample() form.Definition {
	cell := func(key string, kind form.Kind, tag form.Tag) form.Cell {
		return form.Cell{Key: key, Element: "e." + key, Title: both(key), Kind: kind, Nature: form.Flow,
			Tag:     tag,
			Seconds: 30}
	}
	operating, cost, members := cell("operating", form.Money, form.Derived), cell("cost", form.Money,
		form.Asked),
		cell("members", form.Count, form.Asked)
	operating.Measure, operating.Min, operating.Outlier = "x.operating", number(0), true
	net := form.Cell{Key: "net", Title: both("net"), Kind: form.Money, Nature: form.Flow, Tag: form.Derived,
		Terms: []string{"operating", "-cost"}}
	band := form.Cell{Key: "weak", Title: both("weak"), Kind: form.Count, Nature: form.Flow,
		Tag:  form.Derived,
		Band: &form.Band{Of: "net", To: number(50_000_00)}}
	head := form.Cell{Key: "head", Title: both("head"), Kind: form.Ratio, Nature: form.Flow,
		Tag:       form.Derived,
		Numerator: "net", Denominator: "members"}
	return form.Definition{Key: "sample", Version: 1, Title: both("t"), Purpose: both("p"),
		Owner: both("o"),
		Basis: "b", Mark: "config", Every: "year", Unit: form.OfOrganisations, From: "2024-01-01",
		Sunset: "2029-01-01", Procedure: "report-year", Opens: form.Moment{WorkingDays: 1},
		Due: form.Moment{Day: "02-28", Year: 1}, Locks: form.Moment{Day: "03-31", Year: 1},
		Cells: []form.Cell{operating, cost, members, net, band, head}}
}

// TestWorkedExample: the example of the package comment, and what the burden of a form is.
func TestWorkedExample(t *testing.T) {
	d := sample()
	total := form.NewTotal(d)
	for _, v := range [][3]int64{{400_00, 0, 2}, {500_00, 0, 4}, {600_00, 0, 6}} {
		row := form.Row{{Known: true, Amount: v[0]}, {Known: true, Amount: v[1]}, {Known: true,
			Amount: v[2]}, {}, {}, {}}
		if err := d.Compute(row); err != nil {
			t.Fatal(err)
		}
		if err := total.Add(d.Of(row)); err != nil {
			t.Fatal(err)
		}
	}
	if got := d.Text(5, total.Value(5)); got != "125.00" || total.Cells[4].Amount != 3 || total.Rows != 3 {
		t.Errorf("%s a head, %+v", got, total)
	}
	b := d.BurdenOf(func(c form.Cell) bool { return true })
	if b.Asked != 2 || b.PerMille() != 334 || b.Minutes() != 1 {
		t.Errorf("the burden is %+v", b)
	}
	if b := d.BurdenOf(func(c form.Cell) bool { return false }); b.Asked != 3 {
		t.Errorf("without its source %d cells are asked", b.Asked)
	}
	if found := d.Check(func(string) bool { return true }); len(found) > 0 {
		t.Errorf("the sample is wrong: %v", found)
	}
}

// TestTotalsAddUpInAnyOrder: a packed total added is the total added, in any grouping.
func TestTotalsAddUpInAnyOrder(t *testing.T) {
	d := sample()
	rapid.Check(t, func(rt *rapid.T) {
		n := rapid.IntRange(0, 20).Draw(rt, "rows")
		whole, packed, halves := form.NewTotal(d), form.NewTotal(d), [2]form.Total{form.NewTotal(d),
			form.NewTotal(d)}
		for i := range n {
			row := make(form.Row, len(d.Cells))
			for j := range 3 {
				row[j] = form.Value{Known: rapid.Bool().Draw(rt, "known"),
					Amount: rapid.Int64Range(-1e12, 1e12).Draw(rt, "amount")}
			}
			if err := d.Compute(row); err != nil {
				rt.Fatal(err)
			}
			one := d.Of(row)
			if whole.Add(one) != nil || halves[i%2].Add(one) != nil ||
				packed.AddEncoded(one.Encode()) != nil {
				rt.Fatal("they cannot be added")
			}
		}
		if halves[0].Add(halves[1]) != nil || !slices.Equal(whole.Cells, halves[0].Cells) ||
			!slices.Equal(whole.Cells, packed.Cells) || whole.Rows != packed.Rows {
			rt.Fatalf("%+v %+v %+v", whole, halves[0], packed)
		}
		if net, made := whole.Cells[3],
			whole.Cells[0].Amount-whole.Cells[1].Amount; net.Covered == whole.Rows &&
			net.Amount != made {
			rt.Fatalf("net is %d, its parts give %d", net.Amount, made)
		}
	})
}

func TestPackedTotalsAreNotGuessedAt(t *testing.T) {
	d := sample()
	for _, b := range [][]byte{nil, {1}, {2, 0, 0, 0, 0, 0}, {2, 0, 0, 0, 0, 0, 0, 0}} {
		total := form.NewTotal(d)
		if total.AddEncoded(b) == nil {
			t.Errorf("% x was taken", b)
		}
	}
	large := form.NewTotal(d)
	large.Cells[0] = form.Sum{Amount: 1<<63 - 1, Covered: 1}
	if err := large.Add(large); err != form.ErrRange || large.Cells[0].Amount != 1<<63-1 {
		t.Errorf("%v", err)
	}
}

// TestOutlyingIsExact: against a plain computation with the definition, in exact quarters.
func TestOutlyingIsExact(t *testing.T) {
	five := fraction.Fraction{Numerator: 5, Denominator: 1}
	usual, outside := form.Outlying(1000, []int64{100, 110, 90, 105, 95, 100}, five, 6)
	if !outside || usual != (form.Usual{Median: 100, Low: 75, High: 125}) {
		t.Errorf("%+v %v", usual, outside)
	}
	if _, outside := form.Outlying(125, []int64{100, 110, 90, 105, 95, 100}, five, 6); outside {
		t.Error("the bound itself is usual")
	}
	if _, outside := form.Outlying(1000, []int64{1, 2, 3}, five, 6); outside {
		t.Error("too few to say")
	}
	for x, want := range map[int64]bool{100: false, 150: false, 151: true, 50: false, 49: true, 0: true} {
		if _, outside := form.Outlying(x, []int64{100, 100, 100, 100, 7, 900}, five, 6); outside != want {
			t.Errorf("%d beside five equal ones: %v", x, outside)
		}
	}
	rapid.Check(t, func(rt *rapid.T) {
		others := rapid.SliceOfN(rapid.Int64Range(-1<<61, 1<<61), 6, 15).Draw(rt, "others")
		x := rapid.Int64Range(-1<<61, 1<<61).Draw(rt, "x")
		usual, outside := form.Outlying(x, others, five, 6)
		if !outside && (x < usual.Low || x > usual.High) || outside && x > usual.Low && x < usual.High {
			rt.Fatalf("%d: %+v, outside %v", x, usual, outside)
		}
	})
}

func TestRanges(t *testing.T) {
	d := sample()
	d.Cells[1].Ranges = []form.Range{{Level: division.Group, Max: number(10)}}
	row := form.Row{{Known: true, Amount: -1}, {Known: true, Amount: 11}, {}, {}, {}, {}}
	var rules []string
	for _, f := range d.Ranges(row, division.Group) {
		rules = append(rules, f.Cell+"."+f.Rule)
	}
	if !slices.Equal(rules, []string{"operating.range", "cost.range", "members.missing"}) {
		t.Errorf("%v", rules)
	}
	if n := len(d.Ranges(row, division.Village)); n != 2 {
		t.Errorf("a village has %d findings", n)
	}
}

// TestDays: a leap day, a year's end, a weekend, and the order of days.
func TestDays(t *testing.T) {
	calendar, err := period.NewCalendar()
	if err != nil {
		t.Fatal(err)
	}
	month, _ := period.Parse("2024-02")
	for m, want := range map[form.Moment]period.Date{{WorkingDays: 1}: "2024-03-01",
		{Days: -1}: "2024-02-28",
		{Days: 2}:  "2024-03-04", {Day: "02-29"}: "2024-02-29", {Day: "03-31", Year: 1}: "2025-03-31"} {
		if got, err := m.On(month, calendar); got != want || err != nil {
			t.Errorf("%+v is %s, not %s (%v)", m, got, want, err)
		}
	}
	for _, m := range []form.Moment{{}, {WorkingDays: 1, Days: 1}, {Day: "13-01"}, {WorkingDays: -1}} {
		if _, err := m.On(month, calendar); err == nil {
			t.Errorf("%+v was taken", m)
		}
	}
	d := sample()
	list, err := d.Occasions("2026-02-01", "2026-02-28", calendar)
	if err != nil || len(list) != 1 || list[0].Period.String() != "2025" || list[0].Due != "2026-03-02" {
		t.Errorf("%+v %v", list, err)
	}
	d.Sunset = "2026-01-01"
	if list, _ := d.Occasions("2026-02-01", "2026-02-28", calendar); len(list) != 0 {
		t.Errorf("it still opens: %+v", list)
	}
	found := form.Guard{LeadDays: 3}.Check(form.Dates{Opens: "2026-03-06", Due: "2026-03-07",
		Locks: "2026-03-31"},
		calendar)
	if len(found) != 2 || found[0].Key != "reporting.guard.lead" ||
		found[1].Key != "reporting.guard.day_off" {
		t.Errorf("%v", found)
	}
}

// TestSelfCheck: each way a form can be wrong is found by its name.
func TestSelfCheck(t *testing.T) {
	for want, spoil := range map[string]func(*form.Definition){
		"reporting.check.circle": func(d *form.Definition) {
			d.Cells[1].Tag,
				d.Cells[1].Terms = form.Derived, []string{"net"}
		},
		"reporting.check.part":       func(d *form.Definition) { d.Cells[3].Terms = []string{"nothing"} },
		"reporting.check.source":     func(d *form.Definition) { d.Cells[0].Measure = "" },
		"reporting.check.cell_key":   func(d *form.Definition) { d.Cells[1].Key = "operating" },
		"reporting.check.cell_title": func(d *form.Definition) { d.Cells[1].Title.English = "" },
		"reporting.check.seconds":    func(d *form.Definition) { d.Cells[1].Seconds = 0 },
		"reporting.check.element":    func(d *form.Definition) { d.Cells[1].Element = "" },
		"reporting.check.range":      func(d *form.Definition) { d.Cells[0].Max = number(-1) },
		"reporting.check.nature":     func(d *form.Definition) { d.Cells[0].Nature = "" },
		"reporting.check.roll_up":    func(d *form.Definition) { d.Cells[5].RollUp = form.Summed },
		"reporting.check.band":       func(d *form.Definition) { d.Cells[4].Kind = form.Money },
		"reporting.check.every":      func(d *form.Definition) { d.Every = "week" },
		"reporting.check.sunset":     func(d *form.Definition) { d.Sunset = d.From },
		"reporting.check.dates": func(d *form.Definition) {
			d.Due = form.Moment{Day: "04-30",
				Year: 1}
		},
		"reporting.check.back": func(d *form.Definition) {
			d.Rules = []form.Rule{{Key: "r",
				Expr: "true", Text: both("r"), Back: 13}}
		},
		"reporting.check.basis": func(d *form.Definition) { d.Mark = "sure" },
	} {
		d := sample()
		spoil(&d)
		found := d.Check(func(string) bool { return true })
		if !slices.ContainsFunc(found, func(f fault.Finding) bool { return f.Key == want }) {
			t.Errorf("%s is not among %v", want, found)
		}
	}
	d := sample()
	if found := d.Check(func(string) bool { return false }); len(found) != 1 ||
		found[0].Severity != fault.Note {
		t.Errorf("a measure that is not there: %v", found)
	}
}

// TestAdmission: the borders of similarity are exact, and what holds the elements is named.
func TestAdmission(t *testing.T) {
	d := sample() // three elements
	a := form.Admission{Similarity: fraction.Fraction{Numerator: 60, Denominator: 100},
		Held: fraction.Fraction{Numerator: 80, Denominator: 100}, YearsMax: 5}
	own := d.Elements()
	for name, c := range map[string]struct {
		holders []form.Holder
		want    []string
	}{
		"nothing is held": {nil, nil},
		"three of five": {[]form.Holder{{"f", true, append([]string{"a", "b"}, own...)}},
			[]string{"reporting.admit.similar", "reporting.admit.held"}},
		"three of six": {[]form.Holder{{"f", true, append([]string{"a", "b", "c"}, own...)}},
			[]string{"reporting.admit.held"}},
		"two of three":        {[]form.Holder{{"f", false, own[:2]}}, nil},
		"a form with the two": {[]form.Holder{{"f", true, own[:2]}}, []string{"reporting.admit.similar"}},
		"all, in several hands": {[]form.Holder{{"f", false, own[:2]}, {"g", false, own[2:]}},
			[]string{"reporting.admit.held"}},
	} {
		var keys []string
		for _, f := range a.Check(d, c.holders) {
			if f.Severity == fault.Error {
				keys = append(keys, f.Key)
			}
		}
		if !slices.Equal(keys, c.want) {
			t.Errorf("%s: %v, not %v", name, keys, c.want)
		}
	}
	d.Sunset = "2040-01-01"
	if found := a.Check(d, nil); len(found) != 1 || found[0].Key != "reporting.admit.sunset" {
		t.Errorf("%v", found)
	}
}
