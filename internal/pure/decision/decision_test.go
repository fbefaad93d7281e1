package decision_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/terrace-project/terrace/internal/pure/decision"
	"github.com/terrace-project/terrace/internal/pure/fraction"
)

func threshold(text string) fraction.Threshold {
	t, err := fraction.ParseThreshold(text)
	if err != nil {
		panic(err)
	}
	return t
}

var assembly = decision.Rule{Body: decision.Assembly, Attend: threshold(">= 2/3"),
	Pass:       threshold(">= 2/3"),
	NoticeDays: 10}

func record(eligible, present, yes int) decision.Record {
	return decision.Record{Body: decision.Assembly, CalledOn: "2026-02-01", HeldOn: "2026-02-11",
		Eligible: eligible, OnSite: present, Yes: yes, No: present - yes}
}

func TestVerdicts(t *testing.T) {
	late := record(150, 120, 120)
	late.CalledOn = "2026-02-02"
	proxies := record(150, 90, 90)
	proxies.Proxy, proxies.Yes = 10, 100
	few := record(150, 120, 120)
	few.Abstain = 1
	for name, c := range map[string]struct {
		record        decision.Record
		valid, passed bool
		finding       string
	}{
		"passed":                  {record(150, 120, 100), true, true, ""},
		"one vote short":          {record(150, 120, 99), true, false, ""},
		"bare quorum, unanimous":  {record(150, 100, 100), true, true, ""},
		"bare quorum, one no":     {record(150, 100, 99), true, false, ""},
		"no quorum":               {record(150, 99, 99), false, false, "decision.quorum"},
		"proxies count":           {proxies, true, true, ""},
		"nine days' notice":       {late, false, false, "decision.notice"},
		"votes do not add up":     {few, false, false, "decision.votes"},
		"more present than exist": {record(10, 11, 11), false, false, "decision.too_many_present"},
		"nobody may vote":         {record(0, 0, 0), false, false, "decision.nobody"},
		"a negative number":       {record(10, -1, -1), false, false, "decision.count"},
		"a day that does not exist": {decision.Record{Body: decision.Assembly, HeldOn: "2026-02-30",
			Eligible: 1,
			OnSite:   1, Yes: 1}, false, false, "decision.date"},
		"another body": {decision.Record{Body: decision.Council, HeldOn: "2026-02-03", Eligible: 5,
			OnSite: 5,
			Yes:    5}, false, false, "decision.body"},
	} {
		v := assembly.Judge(c.record)
		if v.Valid != c.valid || v.Passed != c.passed {
			t.Errorf("%s: valid %v, passed %v: %v", name, v.Valid, v.Passed, v.Findings)
		}
		if c.finding != "" && (len(v.Findings) == 0 || v.Findings[0].Key != c.finding) {
			t.Errorf("%s: findings %v, want %s", name, v.Findings, c.finding)
		}
	}
	twenty := decision.Rule{Body: decision.Assembly, Attend: assembly.Attend, Pass: assembly.Pass,
		SizeMin: 21}
	if v := twenty.Judge(record(20, 20, 20)); v.Valid {
		t.Error("a body of twenty where more than twenty are asked was valid")
	}
}

// TestMoreYesNeverHurts and a passed motion always has two thirds of all, counted without fractions.
func TestMoreYesNeverHurts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 2000).Draw(t, "eligible")
		present := rapid.IntRange(0, n).Draw(t, "present")
		yes := rapid.IntRange(0, present).Draw(t, "yes")
		v := assembly.Judge(record(n, present, yes))
		if v.Passed != (3*present >= 2*n && 3*yes >= 2*n) {
			t.Fatalf("%d of %d, %d present: passed %v", yes, n, present, v.Passed)
		}
		if yes < present && v.Passed && !assembly.Judge(record(n, present, yes+1)).Passed {
			t.Fatal("one more yes undid a decision")
		}
	})
}

func TestACharterMayOnlyBeStricter(t *testing.T) {
	strict := assembly
	strict.Pass = threshold(">= 3/4")
	lax := assembly
	lax.NoticeDays = 7
	if !strict.Stricter(assembly) || assembly.Stricter(strict) || lax.Stricter(assembly) ||
		!assembly.Stricter(assembly) {
		t.Error("Stricter misjudges")
	}
}
