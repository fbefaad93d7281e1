package supervision_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/terrace-project/terrace/internal/app/apptest"
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/modules/supervision"
	"github.com/terrace-project/terrace/internal/platform/rule"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/storetest"
)

// otherVillage is the index of a village of the other township of the same county.
const otherVillage = 9

// overlay is a pack with a cash limit of a township and of one village, and a rule that SQL cannot take and
// that begins on a day to come.
func overlay(t *testing.T) string {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "trialtown")
	files := map[string]string{"pack.yaml": `key: trialtown
parent: chongqing
title: {zh: 试点包, en: Trial pack}
version: "1"
`, "parameters.yaml": `parameters:
  - key: ledger.cash_limit
    kind: whole
    title: {zh: 库存现金限额, en: Limit of cash on hand}
    unit: {zh: 分, en: fen}
    values:
      - {from: 2020-01-01, value: 500000, basis: 试点, mark: config}
      - {from: 2020-01-01, value: 700000, region: "500101100000", basis: 镇定, mark: config}
      - {from: 2025-12-01, value: 900000, region: "500101101200", basis: 村定, mark: config}
`, "rules/trial.yaml": `rules:
  - key: T-cash
    title: {zh: 试点现金规则, en: Cash on trial}
    subject: balance
    basis: 试点
    mark: config
    versions:
      - version: 1
        from: 2025-01-01
        severity: blue
        when: size(account) == 3 && account == "101" && balance > param("ledger.cash_limit")
        explain:
          zh: "{balance} 元超过 {param ledger.cash_limit} 分"
          en: "{balance} yuan are over {param ledger.cash_limit} fen"
        cooldown_days: 1
        examples:
          - {title: 超过, on: 2025-06-30, record: {account: "101", balance: 600000}, hit: true}
          - {title: 以内, on: 2025-06-30, record: {account: "101", balance: 500000}, hit: false}
      - version: 2
        from: 2025-12-01
        severity: red
        when: size(account) == 3 && account == "101" && balance > 2 * param("ledger.cash_limit")
        explain: {zh: "{balance} 元", en: "{balance} yuan"}
        cooldown_days: 1
        examples:
          - {title: 两倍以内, on: 2025-12-30, record: {account: "101", balance: 600000}, hit: false}
          - {title: 两倍以上, on: 2025-12-30, record: {account: "101", balance: 1000001}, hit: true}
`}
	for name, text := range files {
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

// TestATownshipsParameterHoldsThere: in both evaluators, in words and in trials; a version begins on its day.
func TestATownshipsParameterHoldsThere(t *testing.T) {
	pack := overlay(t)
	fn := func(x *town) {
		other := x.at(otherVillage)
		for _, of := range []registry.Ref{x.of, other} {
			x.enter(x.openBookOf(of, "2025-01-01"), "2025-10-05", "现金收租", line{account: "101", yuan: 6_000},
				line{account: "501", yuan: -6_000})
		}
		x.run()
		x.hitAt("A13", other)
		x.hitAt("T-cash", other)
		x.read(func(v *store.View) error {
			list, err := supervision.Search(v, supervision.Query{Scope: x.Host.Access.Subtree(x.home),
				Rule: "T-cash", Limit: 5})
			if err == nil && (list[0].TextEn != "6,000.00 yuan are over 500000 fen" ||
				list[0].Severity != rule.Blue) {
				x.t.Errorf("%s: %s", list[0].Severity, list[0].TextEn)
			}
			return err
		})
		for _, key := range []string{"A13", "T-cash"} {
			f, err := x.Supervision.Try(x.t.Context(), supervision.Trial{Rule: key, Version: 1,
				On: x.Clock.Today(), Home: x.home})
			x.must(err)
			if f.Now != 1 || f.Then != 1 || f.Both != 1 || f.Pushed != (key == "A13") {
				x.t.Errorf("%s on trial: %+v", key, f)
			}
			f, err = x.Supervision.Try(x.t.Context(), supervision.Trial{Rule: key, Version: 1,
				On: x.Clock.Today(), Home: x.home,
				Parameters: map[string]int64{"ledger.cash_limit": 550_000}})
			x.must(err)
			if f.Now != 1 || f.Then != 2 || len(f.Added) != 1 || f.Added[0].Organisation != x.of.ID {
				x.t.Errorf("%s with another limit: %+v", key, f)
			}
		}
		x.Clock.Set("2025-12-01") // the village of the other township has a value of its own from now on
		if got := x.run(); got.Gone != 2 || got.Hits != 0 {
			x.t.Errorf("on the day of the new value: %+v", got)
		}
	}
	t.Run("sqlite", func(t *testing.T) {
		populated(t, apptest.OpenPack(t, filepath.Join(t.TempDir(), "terrace.db"), pack), fn)
	})
	t.Run("postgres", func(t *testing.T) {
		populated(t, apptest.OpenPack(t, storetest.PostgresURL(t), pack), fn)
	})
}

// hitAt: the open findings of a rule are of one organisation only.
func (x *town) hitAt(key string, of registry.Ref) {
	x.t.Helper()
	x.read(func(v *store.View) error {
		list, err := supervision.Search(v, supervision.Query{Scope: x.Host.Access.Subtree(x.home),
			Rule:  key,
			Limit: 10})
		if err == nil && (len(list) != 1 || list[0].Organisation != of.ID) {
			x.t.Errorf("%s hits %+v, not %d", key, list, of.ID)
		}
		return err
	})
}

// TestAVersionBeginsOnItsDay: what the second version does not hit is gone once it holds.
func TestAVersionBeginsOnItsDay(t *testing.T) {
	pack := overlay(t)
	populated(t, apptest.OpenPack(t, filepath.Join(t.TempDir(), "terrace.db"), pack), func(x *town) {
		of := x.openBookOf(x.at(otherVillage), "2025-01-01")
		x.enter(of, "2025-10-05", "现金收租", line{account: "101", yuan: 19_000}, line{account: "501",
			yuan: -19_000})
		x.run()
		x.versionOf("T-cash", 1, rule.Blue)
		x.Clock.Set("2025-11-30")
		x.run()
		x.versionOf("T-cash", 1, rule.Blue)
		x.Clock.Set("2025-12-01")
		x.run()
		x.versionOf("T-cash", 2, rule.Red)
	})
}

func (x *town) versionOf(key string, version int64, severity rule.Severity) {
	x.t.Helper()
	x.read(func(v *store.View) error {
		list, err := supervision.Search(v, supervision.Query{Scope: x.Host.Access.Subtree(x.home),
			Rule:  key,
			Limit: 10})
		if err == nil && (len(list) != 1 || list[0].RuleVersion != version ||
			list[0].Severity != severity ||
			list[0].State != supervision.Open) {
			x.t.Errorf("%s on %s: %+v", key, x.Clock.Today(), list)
		}
		return err
	})
}

// agree: both evaluators say the same of every rule of the pack.
func (x *town) agree() {
	x.t.Helper()
	library, _ := rule.Read(x.Host.Packs, x.Host.Subjects)
	today, pushed := x.Clock.Today(), 0
	day := x.Host.Packs.On(today, x.Places.Codes(x.home)...)
	x.read(func(v *store.View) error {
		for _, d := range library.All {
			version := d.InForce(today)
			if version == nil {
				continue
			}
			if x.Host.Subjects.Pushed(d.Subject, version.Rule()) {
				pushed++
			}
			var both [2][]string
			for i := range both {
				q := version.Question(day)
				q.ByRecord = i == 1
				for answer, err := range x.Host.Subjects.Ask(v, d.Subject, rule.Scope{Home: x.home,
					Today: today}, []rule.Question{q}) {
					x.must(err)
					both[i] = append(both[i], answer.Key)
				}
			}
			x.same(d.Key, both)
		}
		return nil
	})
	if pushed < 35 {
		x.t.Errorf("only %d rules are answered by SQL", pushed)
	}
}

func (x *town) same(key string, both [2][]string) {
	x.t.Helper()
	slices.Sort(both[0])
	slices.Sort(both[1])
	if !slices.Equal(both[0], both[1]) {
		x.t.Errorf("%s: SQL hits %v, record by record %v", key, both[0], both[1])
	}
}
