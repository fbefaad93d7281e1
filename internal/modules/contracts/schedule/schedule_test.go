package schedule_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/terrace-project/terrace/internal/modules/contracts/schedule"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
)

var shop = schedule.Phase{From: "2025-03-01", To: "2027-05-31", Fee: schedule.Fee{Amount: 12_000_00,
	Every: schedule.Year, Steps: []schedule.Step{{Year: 2, Percent: 500}}}}

func TestTheShopOfThePackageComment(t *testing.T) {
	got, err := schedule.Plan([]schedule.Phase{shop})
	want := []schedule.Due{{"2025-03-01", "2026-02-28", "2025-03-01", 12_000_00},
		{"2026-03-01", "2027-02-28", "2026-03-01", 12_600_00},
		{"2027-03-01", "2027-05-31", "2027-03-01", 3_167_21}}
	if err != nil || len(got) != len(want) {
		t.Fatal(got, err)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("instalment %d: %v, want %v", i, got[i], want[i])
		}
	}
	if next := schedule.Next(got, "2025-03-01"); next != "2026-03-01" {
		t.Errorf("next due %s", next)
	}
	if next := schedule.Next(got, "2027-03-01"); next != period.Open {
		t.Errorf("after the last: %s", next)
	}
}

func drawPhase(t *rapid.T, from period.Date) schedule.Phase {
	p := schedule.Phase{From: from,
		To: from.AddDays(rapid.IntRange(0, 365*40).Draw(t, "days")),
		Fee: schedule.Fee{Amount: money.Fen(rapid.Int64Range(0, 1e10).Draw(t, "amount")),
			Every: rapid.SampledFrom([]schedule.Every{schedule.Once, schedule.Month, schedule.Quarter,
				schedule.HalfYear, schedule.Year}).Draw(t, "every"),
			Prepaid: rapid.IntRange(0, 5).Draw(t, "prepaid")}}
	if p.Fee.Every != schedule.Once {
		for year := 2; year < 12; year += rapid.IntRange(1, 9).Draw(t, "gap") {
			p.Fee.Steps = append(p.Fee.Steps, schedule.Step{Year: year,
				Percent: rapid.Int64Range(0, 2000).Draw(t, "percent"),
				Fixed:   money.Fen(rapid.Int64Range(0, 1e6).Draw(t, "fixed"))})
		}
	}
	if rapid.Bool().Draw(t, "first") {
		p.Fee.First = from.AddDays(rapid.IntRange(-30, 60).Draw(t, "first due"))
	}
	return p
}

func drawDay(t *rapid.T, label string) period.Date {
	return period.NewDate(rapid.IntRange(1990, 2040).Draw(t, label+" year"), 1,
		rapid.IntRange(1, 366).Draw(t, label))
}

// TestThePlanCoversEveryDayOnce: invariants 1, 2 and 4, over several phases.
func TestThePlanCoversEveryDayOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from := drawDay(t, "from")
		var phases []schedule.Phase
		for range rapid.IntRange(1, 3).Draw(t, "phases") {
			p := drawPhase(t, from)
			if rapid.Bool().Draw(t, "cut") {
				p.Cut = p.From.AddDays(rapid.IntRange(0, 3000).Draw(t, "cut day"))
			}
			phases, from = append(phases, p), p.Last().AddDays(1)
		}
		plan, err := schedule.Plan(phases)
		if err != nil {
			t.Fatal(err)
		}
		next, n := phases[0].From, 0
		for _, d := range plan {
			if d.From != next || d.To < d.From || d.Amount < 0 {
				t.Fatalf("instalment %d %v does not begin on %s", n, d, next)
			}
			next = d.To.AddDays(1)
			n++
		}
		if next != from {
			t.Fatalf("the plan ends on %s, the term before %s", next, from)
		}
	})
}

// TestACutSplitsOneInstalmentExactly: invariant 3. What is due before the cut and what is no longer due
// sum to the whole.
func TestACutSplitsOneInstalmentExactly(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawPhase(t, drawDay(t, "from"))
		whole, err := p.Dues()
		if err != nil {
			t.Fatal(err)
		}
		cut := p
		cut.Cut = p.From.AddDays(rapid.IntRange(0, 12_000).Draw(t, "cut"))
		part, err := cut.Dues()
		if err != nil {
			t.Fatal(err)
		}
		var gone money.Fen
		for i, d := range whole {
			before, after := d.Part(cut.Cut)
			if before+after != d.Amount {
				t.Fatalf("%v is cut into %s and %s", d, before, after)
			}
			gone += after
			if i < len(part) && (part[i].Amount != before || part[i].Day != d.Day) {
				t.Fatalf("instalment %d is %v of %v", i, part[i], d)
			}
		}
		all, _ := schedule.Total(whole)
		left, _ := schedule.Total(part)
		if left+gone != all {
			t.Fatalf("%s and %s are not %s", left, gone, all)
		}
	})
}

// TestWholeIntervalsCostWholeFees: the sum of whole years does not depend on the interval.
func TestWholeIntervalsCostWholeFees(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := schedule.Phase{From: drawDay(t, "from")}
		years := rapid.IntRange(1, 30).Draw(t, "years")
		p.To = p.From.AddMonths(12 * years).AddDays(-1)
		month := money.Fen(rapid.Int64Range(1, 1e9).Draw(t, "month"))
		for every, n := range map[schedule.Every]money.Fen{schedule.Month: 1, schedule.Quarter: 3,
			schedule.HalfYear: 6, schedule.Year: 12} {
			p.Fee = schedule.Fee{Amount: month * n, Every: every}
			plan, err := p.Dues()
			if err != nil {
				t.Fatal(err)
			}
			if sum, _ := schedule.Total(plan); sum != month*money.Fen(12*years) {
				t.Fatalf("%d years by %s sum to %s", years, every, sum)
			}
			if p.Yearly() != month*12 {
				t.Fatalf("a year costs %s", p.Yearly())
			}
		}
	})
}

// TestPaymentsSettleTheOldestFirst: invariants 5 and 6.
func TestPaymentsSettleTheOldestFirst(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		amounts := rapid.SliceOfN(rapid.Int64Range(0, 1e9), 0, 12).Draw(t, "claims")
		claims := make([]money.Fen, len(amounts))
		var due money.Fen
		for i, n := range amounts {
			claims[i] = money.Fen(n)
			due += claims[i]
		}
		paid := money.Fen(rapid.Int64Range(0, 5e9).Draw(t, "paid"))
		settled, left := schedule.Settle(claims, paid)
		var sum money.Fen
		short := false
		aged := make([]schedule.Claim, len(claims))
		today := period.Date("2026-01-05")
		for i, s := range settled {
			if s < 0 || s > claims[i] || short && s > 0 {
				t.Fatalf("claim %d of %s is settled with %s", i, claims[i], s)
			}
			short = short || s < claims[i]
			sum += s
			aged[i] = schedule.Claim{Day: today.AddDays(-200 * i), Amount: claims[i], Paid: s}
		}
		if sum+left != paid || left > 0 && sum != due {
			t.Fatalf("%s settled, %s left of %s for %s", sum, left, paid, due)
		}
		var open money.Fen
		for _, band := range schedule.Age(aged, today) {
			open += band
		}
		if open != due-sum {
			t.Fatalf("bands sum to %s, open is %s", open, due-sum)
		}
	})
}

func TestWhatCannotBeIsRefused(t *testing.T) {
	for name, change := range map[string]func(*schedule.Phase){
		"ends before it begins": func(p *schedule.Phase) { p.To = "2025-02-28" },
		"too long":              func(p *schedule.Phase) { p.To = "2125-03-01" },
		"no interval":           func(p *schedule.Phase) { p.Fee.Every = "week" },
		"negative":              func(p *schedule.Phase) { p.Fee.Amount = -1 },
		"a step in year one":    func(p *schedule.Phase) { p.Fee.Steps = []schedule.Step{{Year: 1}} },
		"steps that fall back": func(p *schedule.Phase) {
			p.Fee.Steps = []schedule.Step{{Year: 3}, {Year: 2}}
		},
		"below nothing": func(p *schedule.Phase) {
			p.Fee.Steps = []schedule.Step{{Year: 2, Fixed: -12_000_01}}
		},
		"a cut before it began": func(p *schedule.Phase) { p.Cut = "2025-02-01" },
	} {
		p := shop
		change(&p)
		if _, err := p.Dues(); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
	gap := []schedule.Phase{shop, shop}
	if _, err := schedule.Plan(gap); err == nil {
		t.Error("phases that overlap are taken")
	}
}

// TestYearsInAdvance: invariant 4.
func TestYearsInAdvance(t *testing.T) {
	p := shop
	p.Fee.Prepaid = 2
	plan, _ := p.Dues()
	if plan[1].Day != "2025-03-01" || plan[2].Day != "2027-03-01" || p.Prepaid() != 2 {
		t.Error(plan, p.Prepaid())
	}
	p.Fee = schedule.Fee{Amount: 100, Every: schedule.Once}
	if p.Prepaid() != 3 {
		t.Errorf("paid once for 2¼ years is three begun years, got %d", p.Prepaid())
	}
}

// TestASteppedFee: a step every two years stands in the schedule as far as the term goes.
func TestASteppedFee(t *testing.T) {
	fee := schedule.Fee{Amount: 100_00, Every: schedule.Year}.Stepped(2, 1000)
	p := schedule.Phase{From: "2025-01-01", To: "2029-12-31", Fee: fee}
	plan, err := p.Dues()
	if err != nil || len(plan) != 5 || plan[1].Amount != 100_00 || plan[2].Amount != 110_00 ||
		plan[4].Amount != 121_00 {
		t.Errorf("%v %v", plan, err)
	}
}
