package app

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/terrace-project/terrace/internal/app/demo"
	"github.com/terrace-project/terrace/internal/modules/inventory"
	"github.com/terrace-project/terrace/internal/modules/inventory/count"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/flow"
)

// present are things that a city in the middle of its annual check has, each with the number of them.
var present = map[string]string{
	"a check overdue": `SELECT count(*) FROM procedure_case
		WHERE status = 'running' AND due < '2026-03-06'`,
	"what was told to a level above": `SELECT count(*) FROM procedure_case WHERE raised_place <> 0`,
	"a check begun": `SELECT count(*) FROM inventory_check
		WHERE stage = 'counting' AND counted > 0 AND counted < rows`,
	"a check counted, not submitted": `SELECT count(*) FROM inventory_check
		WHERE stage = 'counting' AND counted = rows`,
	"a check untouched": `SELECT count(*) FROM inventory_check
		WHERE stage = 'counting' AND counted = 0`,
	"a check opened late": `SELECT count(*) FROM inventory_check WHERE sample = 'late'`,
	"a second round of counting": `SELECT count(*) FROM inventory_check c JOIN procedure_case k
		ON k.home = c.home AND k.id = c.procedure_case WHERE k.round = 2 AND c.stage = 'counting'`,
	"a second round at the township": `SELECT count(*) FROM inventory_check c JOIN procedure_case k
		ON k.home = c.home AND k.id = c.procedure_case WHERE k.round = 2 AND c.stage = 'township'`,
	"an open objection":      `SELECT count(*) FROM procedure_objection WHERE answered_at = 0`,
	"an objection dismissed": `SELECT count(*) FROM procedure_objection WHERE answered_at > 0 AND NOT upheld`,
	"an objection upheld":    `SELECT count(*) FROM procedure_objection WHERE upheld`,
	"a second count due": `SELECT count(*) FROM inventory_check
		WHERE stage = 'county' AND sample = 'drawn' AND recheck = ''`,
	"a second count that differs": `SELECT count(*) FROM inventory_check
		WHERE stage = 'county' AND recheck = 'differs'`,
	"a second count that matched": `SELECT count(*) FROM inventory_check WHERE recheck = 'match'`,
	"a row with a photo":          `SELECT count(*) FROM inventory_row WHERE photo <> 0`,
	"a county that counts":        `SELECT count(*) FROM campaign WHERE state = 'open'`,
	"a county that compiles":      `SELECT count(*) FROM campaign WHERE state = 'compiling'`,
	"a county that is locked":     `SELECT count(*) FROM campaign WHERE state = 'locked'`,
	"an adjustment":               `SELECT count(*) FROM inventory_adjustment WHERE year = 2026`,
	"a published figure":          `SELECT count(*) FROM figure WHERE measure = 'inventory.assets'`,
}

// theCheckStandsEverywhere: every stage and every turn a check can take is somewhere in the city.
func theCheckStandsEverywhere(t *testing.T, b builtCity) {
	t.Helper()
	err := b.program.host.Store.View(t.Context(), func(v *store.View) error {
		for _, stage := range inventory.Stages {
			n, err := store.Count(v, `SELECT count(*) FROM inventory_check WHERE year = 2025 AND stage = ?`,
				stage)
			if err != nil {
				return err
			}
			if n == 0 && stage != inventory.Ended {
				t.Errorf("no check is %s", stage)
			}
		}
		for _, rule := range []string{"arable", "no_contract", "balance", "twice", "unsettled",
			"no_document",
			"misused"} {
			n, err := store.Count(v, `SELECT count(*) FROM inventory_finding WHERE rule = ?`, rule)
			if err != nil || n == 0 {
				t.Errorf("the cross-checks never found %s (%v)", rule, err)
			}
		}
		for what, query := range present {
			n, err := store.Count(v, query)
			if err != nil || n == 0 {
				t.Errorf("there is no %s (%v)", what, err)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// truths are what must be so of the check that an answer is about.
var truths = map[string]func(answered) bool{
	"objected": func(a answered) bool {
		return a.Stage == inventory.OnNotice &&
			a.Case.OpenObjections() == 1
	},
	"dismissed": func(a answered) bool {
		return a.Stage == inventory.OnNotice &&
			len(a.Case.Notice.Objections) == 1
	},
	"upheld": func(a answered) bool { return a.Stage == inventory.Counting && a.Case.Round == 2 },
	"sent_back": func(a answered) bool {
		return a.Stage == inventory.Counting && a.Case.Round == 2 &&
			a.found("balance")
	},
	"round_two": func(a answered) bool { return a.Stage == inventory.InReview && a.Case.Round == 2 },
	"no_quorum": func(a answered) bool {
		return a.Stage == inventory.AtVote &&
			!a.Case.Decision.Verdict.Valid
	},
	"outvoted": func(a answered) bool {
		return a.Stage == inventory.AtVote && a.Case.Decision.Verdict.Valid &&
			!a.Case.Decision.Verdict.Passed
	},
	"sampled": func(a answered) bool {
		return a.Stage == inventory.AtCounty && a.Sample == inventory.Drawn && a.Recheck == ""
	},
	"differs": func(a answered) bool { return a.Stage == inventory.AtCounty && a.Recheck == "differs" },
	"adjusted": func(a answered) bool {
		return a.Stage == inventory.Locked && a.count(`SELECT count(*) FROM inventory_adjustment
			WHERE home = ? AND inventory = ? AND year = 2026`) == 1
	},
	"balance": inReview("balance"), "misused": inReview("misused"), "no_document": inReview("no_document"),
	"unsettled": inReview("unsettled"), "no_contract": inReview("no_contract"),
	"arable": inReview("arable"),
	"twice":  inReview("twice"),
}

func inReview(rule string) func(answered) bool {
	return func(a answered) bool { return a.Stage == inventory.InReview && a.found(rule) }
}

// answered is the check that an answer is about, with its case.
type answered struct {
	inventory.Check
	flow.Case
	r store.Reader
	t *testing.T
}

func (a answered) found(rule string) bool {
	list, err := inventory.FindingsOf(a.r, a.Ref())
	return err == nil && slices.ContainsFunc(list, func(f inventory.Finding) bool { return f.Rule == rule })
}

func (a answered) count(query string) int64 {
	n, err := store.Count(a.r, query, a.Home, a.ID)
	if err != nil {
		a.t.Error(err)
	}
	return n
}

// theAnswersOfTheCheckAreTrue: what the key says of a check is so, and nothing in it is empty.
func theAnswersOfTheCheckAreTrue(t *testing.T, b builtCity) {
	t.Helper()
	tried := map[string]int{}
	err := b.program.host.Store.View(t.Context(), func(v *store.View) error {
		for _, a := range b.Answers {
			key, of := strings.CutPrefix(a.Rule, "check_")
			if !of {
				continue
			}
			tried[key]++
			words := b.program.host.Dictionary.Words("demo.fault."+a.Rule, a.Facts...)
			if strings.Contains(words.Chinese+words.English, "%!") {
				t.Errorf("%s says %q", a.Rule, words.English)
			}
			if key == "late" || key == "overdue" {
				b.countyAnswer(t, v, key, a)
				continue
			}
			one, err := b.answered(t, v, a)
			if err != nil {
				return fmt.Errorf("%s at %s: %w", a.Rule, a.Page, err)
			}
			if truth, known := truths[key]; !known || !truth(one) {
				t.Errorf("%s is not so at %s: it is %s, round %d", a.Rule, a.Page, one.Stage,
					one.Case.Round)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for key := range truths {
		if tried[key] == 0 {
			t.Errorf("the key tells of no check_%s", key)
		}
	}
}

// answered finds the check that an answer's page shows.
func (b builtCity) answered(t *testing.T, v *store.View, a demo.Answer) (answered, error) {
	one := answered{r: v, t: t}
	home, id, _ := strings.Cut(strings.TrimPrefix(a.Page, "/checks/"), "/")
	number, err := strconv.ParseInt(id, 10, 64)
	if err != nil || home != strconv.FormatInt(a.Organisation.Home, 10) {
		return one, fault.New(fault.NotFound, "inventory.no_check")
	}
	all, err := inventory.OfYear(v, a.Organisation.Home, 2025)
	if err != nil {
		return one, err
	}
	for _, c := range all {
		if c.ID == number && c.Organisation == a.Organisation.ID && c.Name == a.Name {
			one.Check = c
		}
	}
	file, found, err := b.Host.Procedures.BySubject(v, a.Organisation.Home, inventory.Procedure,
		"check/"+id)
	if err == nil && !found {
		err = fault.New(fault.NotFound, "inventory.no_check")
	}
	one.Case = file.Case
	return one, err
}

// countyAnswer looks up what is said of a county: how many of its checks are overdue, or were opened late.
func (b builtCity) countyAnswer(t *testing.T, v *store.View, key string, a demo.Answer) {
	t.Helper()
	query := map[string]string{"overdue": `SELECT count(*) FROM procedure_case
		WHERE home = ? AND status = 'running'
		AND procedure = 'annual-check' AND due < '2026-03-06'`,
		"late": `SELECT count(*) FROM procedure_case WHERE home = ? AND procedure = 'annual-check'
		AND opened > 1769270400000000`}[key] // 2026-01-25 in Beijing
	n, err := store.Count(v, query, a.Place)
	if err != nil || n == 0 || n != int64(a.Facts[0].(int)) {
		t.Errorf("%s says %v of %s, there are %d (%v)", a.Rule, a.Facts, a.Name, n, err)
	}
}

// theCityIsTheSumOfItsCounties: exactly, in every figure.
func theCityIsTheSumOfItsCounties(t *testing.T, b builtCity) {
	t.Helper()
	tree := b.Modules.Places.Today()
	counties := b.CountiesOf(tree)
	city := b.Modules.Places.Ancestor(tree.ID(counties[0]), 2)
	err := b.program.host.Store.View(t.Context(), func(v *store.View) error {
		whole, _, err := b.Modules.Inventory.SumsOf(v, city, 2025)
		if err != nil {
			return err
		}
		sum, approved, of := make([]int64, len(whole.Figures)), int64(0), int64(0)
		for _, n := range counties {
			one, _, err := b.Modules.Inventory.SumsOf(v, tree.ID(n), 2025)
			if err != nil {
				return err
			}
			if err := count.Add(sum, one.Figures); err != nil {
				return err
			}
			approved, of = approved+one.Approved, of+one.Of
		}
		if !slices.Equal(sum, whole.Figures) || approved != whole.Approved || of != whole.Of {
			t.Errorf("the counties have %d of %d, the city %d of %d", approved, of, whole.Approved,
				whole.Of)
		}
		if h := b.Modules.Inventory.HeadlineOf(whole.Figures); h.Verified < 1_000_000_00 || h.Land == 0 ||
			int(of) != len(b.Ledger) || approved*4 < of {
			t.Errorf("the city has %+v, %d of %d, %d collectives", h, approved, of, len(b.Ledger))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
