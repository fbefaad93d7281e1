package flow_test

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/terrace-project/terrace/internal/pure/decision"
	"github.com/terrace-project/terrace/internal/pure/division"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/flow"
	"github.com/terrace-project/terrace/internal/pure/fraction"
	"github.com/terrace-project/terrace/internal/pure/period"
	"github.com/terrace-project/terrace/internal/pure/words"
)

// calendar has no holidays: the tables are read with a plain week in mind.
func calendar(t interface{ Fatal(...any) }) *period.Calendar {
	c, err := period.NewCalendar(period.YearDays{Year: 2026})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

var (
	twoThirds = fraction.Threshold{Fraction: fraction.Fraction{Numerator: 2, Denominator: 3}}
	rule      = decision.Rule{Body: decision.Assembly, Attend: twoThirds, Pass: twoThirds}
)

// script is a procedure and cases in the table language: one act a line, the expected status last.
type script struct {
	t    *testing.T
	def  flow.Definition
	cal  *period.Calendar
	c    flow.Case
	acts []flow.Act
	line int
}

func TestTables(t *testing.T) {
	file, err := os.Open("testdata/check.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	s := &script{t: t, cal: calendar(t), def: flow.Definition{Key: "check", Version: 1,
		Title: words.Words{Chinese: "查", English: "check"}}}
	cases, lines := 0, bufio.NewScanner(file)
	for lines.Scan() {
		s.line++
		text := lines.Text()
		words := strings.Fields(text)
		switch {
		case len(words) == 0 || strings.HasPrefix(text, "#"):
		case words[0] == "step":
			s.def.Steps = append(s.def.Steps, s.step(words))
		case words[0] == "withdraw":
			s.def.Withdraw = strings.Split(words[1], ",")
		case words[0] == "case":
			cases++
			s.c, s.acts = flow.Case{}, nil
		default:
			s.act(text)
		}
	}
	if problems := s.def.Check(); len(problems) > 0 || cases < 10 {
		t.Errorf("%d cases; the definition: %v", cases, problems)
	}
}

func (s *script) step(line []string) flow.Step {
	level, err := division.ParseLevel(line[3])
	if err != nil {
		s.t.Fatal(err)
	}
	step := flow.Step{Key: line[1], Kind: flow.Kind(line[2]), Level: level, Permit: "check." + line[1],
		Title: words.Words{Chinese: line[1], English: line[1]}}
	for i := 4; i < len(line); i++ {
		value := ""
		if i+1 < len(line) {
			value = line[i+1]
		}
		number, _ := strconv.Atoi(value)
		switch line[i] {
		case "deadline":
			step.Deadline = flow.Deadline{Day: value[:5], Year: int(value[6] - '0')}
		case "wd":
			step.Deadline.WorkingDays = number
		case "days":
			step.Notice.Days = number
		case "answer":
			step.Notice.AnswerDays = number
		case "notby":
			step.NotBy = strings.Split(value, ",")
		case "return":
			step.ReturnTo = strings.Split(value, ",")
		case "signers":
			step.Signers = number
		case "escalate":
			step.Escalate = flow.Escalation{WorkingDays: number, Level: division.County}
		case "refuse":
			step.Refuse = true
		}
	}
	if step.Kind == flow.Meeting {
		step.Matter = "check"
	}
	return step
}

// act reads "DATE verb [argument] by ACTOR [for OTHER] [why REASON] -> expected" and does it.
func (s *script) act(text string) {
	s.t.Helper()
	left, want, _ := strings.Cut(text, "->")
	words := strings.Fields(left)
	date, err := period.ParseDate(words[0])
	if err != nil {
		s.t.Fatalf("line %d: %v", s.line, err)
	}
	a := flow.Act{Verb: flow.Verb(words[1]), At: date.Start().Add(9 * time.Hour)}
	if a.Verb == flow.Open {
		a.Route, a.Withdraw, a.Year = s.def.Route(func(string) bool { return true }), s.def.Withdraw, 2025
	}
	for i := 2; i < len(words); i++ {
		s.word(&a, words, i)
	}
	next, err := s.c.Apply(&a, s.cal)
	if got := describe(next, err); got != strings.Join(strings.Fields(want), " ") {
		s.t.Errorf("line %d: %s\n  got %s", s.line, text, got)
	}
	if err != nil {
		return
	}
	s.c, s.acts = next, append(s.acts, a)
	if folded, err := flow.Fold(s.acts, calendarOf(2030)); err != nil || !reflect.DeepEqual(folded, s.c) {
		s.t.Errorf("line %d: folding the acts gives another case: %v", s.line, err)
	}
}

// calendarOf is another calendar than the acts were done under: invariant 8.
func calendarOf(year int) *period.Calendar {
	c, _ := period.NewCalendar(period.YearDays{Year: year}, period.YearDays{Year: 2026,
		Holidays: []period.Date{"2026-01-12", "2026-01-13", "2026-01-14"}})
	return c
}

func (s *script) word(a *flow.Act, words []string, i int) {
	previous := words[i-1]
	number, _ := strconv.ParseInt(words[i], 10, 64)
	switch {
	case previous == "by":
		a.Actor = number
	case previous == "for":
		a.For = number
	case previous == "why":
		a.Reason = words[i]
	case previous == "need":
		a.Need = int(number)
	case previous == "return":
		a.To = words[i]
	case previous == "transfer" || previous == "add" || previous == "drop":
		for _, who := range strings.Split(words[i], ",") {
			n, _ := strconv.ParseInt(who, 10, 64)
			a.Accounts = append(a.Accounts, n)
		}
	case previous == "answer":
		a.Objection = int(number)
	case words[i] == "upheld":
		a.Upheld = true
	case strings.Count(words[i], "/") == 2:
		var r decision.Record
		fmt.Sscanf(words[i], "%d/%d/%d", &r.Eligible, &r.OnSite, &r.Yes)
		r.Body, r.HeldOn, r.No = decision.Assembly, a.At.Date(), r.OnSite-r.Yes
		a.Record, a.Rule = &r, &rule
	}
}

func describe(c flow.Case, err error) string {
	var f *fault.Fault
	if errors.As(err, &f) {
		return "refused " + f.Key
	}
	text := fmt.Sprintf("%s %s %d", c.Status, c.Step().Key, c.Round)
	if c.Notice != nil && c.OpenObjections() > 0 {
		return text + " due " + string(c.Notice.Objections[0].Due)
	}
	if c.Notice != nil && len(c.Notice.Objections) == 0 {
		return text + " ends " + string(c.Notice.Ends)
	}
	if c.Due != "" {
		text += " due " + string(c.Due)
	}
	return text
}

// TestRandomActsKeepTheInvariants throws acts at a case and holds it to the promises of doc.go.
func TestRandomActsKeepTheInvariants(t *testing.T) {
	verbs := []flow.Verb{flow.Submit, flow.Approve, flow.Return, flow.Refuse, flow.Recall, flow.Withdraw,
		flow.Transfer,
		flow.AddSigner, flow.Drop, flow.Suspend, flow.Resume, flow.Urge, flow.Post, flow.Object,
		flow.Answer, flow.Close,
		flow.Decide}
	route := []flow.Step{
		{Key: "count", Kind: flow.Work, Deadline: flow.Deadline{WorkingDays: 3}},
		{Key: "notice", Kind: flow.Notice, Notice: flow.NoticeRule{Days: 2, AnswerDays: 1}},
		{Key: "meeting", Kind: flow.Meeting, Matter: "m", ReturnTo: []string{"count"}},
		{Key: "review", Kind: flow.Review, NotBy: []string{"count"}, ReturnTo: []string{"count",
			"meeting"}},
		{Key: "approval", Kind: flow.Review, Signers: 2, NotBy: []string{"count", "review"},
			ReturnTo: []string{"count"}},
	}
	cal := calendar(t)
	rapid.Check(t, func(t *rapid.T) {
		now := period.Date("2026-01-05").Start()
		open := flow.Act{Verb: flow.Open, Actor: 1, At: now, Route: route, Year: 2025,
			Withdraw: []string{"count"}}
		c, err := flow.Case{}.Apply(&open, cal)
		if err != nil {
			t.Fatal(err)
		}
		acts, worked := []flow.Act{open}, map[int64]bool{}
		for range rapid.IntRange(1, 60).Draw(t, "acts") {
			now = now.Add(time.Duration(rapid.IntRange(0, 60).Draw(t, "hours")) * time.Hour)
			a := drawAct(t, rapid.SampledFrom(verbs).Draw(t, "verb"), now)
			before := c
			next, err := c.Apply(&a, cal)
			if err != nil {
				if !reflect.DeepEqual(c, before) {
					t.Fatal("a refused act changed the case")
				}
				continue
			}
			hold(t, before, next, a, worked)
			c, acts = next, append(acts, a)
		}
		if folded, err := flow.Fold(acts, cal); err != nil || !reflect.DeepEqual(folded, c) {
			t.Fatalf("folding gives another case: %v", err)
		}
	})
}

func drawAct(t *rapid.T, v flow.Verb, now period.Instant) flow.Act {
	a := flow.Act{Verb: v, Actor: rapid.Int64Range(0, 4).Draw(t, "actor"), For: rapid.SampledFrom([]int64{0,
		0, 0, 2}).Draw(t, "for"),
		At: now, Reason: rapid.SampledFrom([]string{"", "because"}).Draw(t, "reason"),
		To:       rapid.SampledFrom([]string{"count", "meeting", "nowhere"}).Draw(t, "to"),
		Accounts: []int64{rapid.Int64Range(1, 4).Draw(t, "account")}, Objection: 0,
		Upheld: rapid.Bool().Draw(t, "upheld")}
	if v == flow.Answer {
		a.Objection = rapid.IntRange(1, 3).Draw(t, "objection")
	}
	yes := rapid.IntRange(0, 30).Draw(t, "yes")
	a.Record = &decision.Record{Body: decision.Assembly, HeldOn: now.Date(), Eligible: 30, OnSite: 30,
		Yes: yes, No: 30 - yes}
	a.Rule = &rule
	return a
}

// hold checks one accepted act against the invariants.
func hold(t *rapid.T, before, next flow.Case, a flow.Act, worked map[int64]bool) {
	step := before.Step()
	if next.Version != before.Version+1 {
		t.Fatalf("version %d after %d", next.Version, before.Version)
	}
	if before.Status.Final() {
		t.Fatalf("%s was accepted after %s", a.Verb, before.Status)
	}
	if before.Status == flow.Suspended && !slices.Contains([]flow.Verb{flow.Resume, flow.Withdraw,
		flow.Urge}, a.Verb) {
		t.Fatalf("%s was accepted while suspended", a.Verb)
	}
	if a.Verb == flow.Submit && step.Key == "count" {
		worked[a.Actor], worked[a.For] = true, true
	}
	if a.Verb == flow.Approve && (a.Actor != 0 && worked[a.Actor] || a.For != 0 && worked[a.For]) {
		t.Fatalf("%d approved at %s what they had counted", a.Actor, step.Key)
	}
	if next.At > before.At && next.At != before.At+1 {
		t.Fatal("a step was jumped over")
	}
	if next.At < before.At && a.Verb != flow.Return && a.Verb != flow.Recall {
		t.Fatalf("%s went back", a.Verb)
	}
	if next.At > before.At && step.Kind == flow.Notice && (before.Notice == nil ||
		before.OpenObjections() > 0 ||
		a.At.Date() <= before.Notice.Ends) {
		t.Fatal("a notice was left too early")
	}
	if next.At > before.At && step.Kind == flow.Meeting && a.Record.Yes < 20 {
		t.Fatal("a lost vote went forward")
	}
	if next.Round > before.Round && (next.Notice != nil || len(next.Signed) > 0) {
		t.Fatal("a new round kept what was void")
	}
}

func TestBadDefinitionsAreRefused(t *testing.T) {
	title := words.Words{Chinese: "一", English: "one"}
	good := flow.Step{Key: "a", Title: title, Kind: flow.Work, Permit: "x.y"}
	for name, spoil := range map[string]func(d *flow.Definition){
		"no steps":              func(d *flow.Definition) { d.Steps = nil },
		"no English":            func(d *flow.Definition) { d.Title.English = "" },
		"twice the same":        func(d *flow.Definition) { d.Steps = append(d.Steps, good) },
		"unknown kind":          func(d *flow.Definition) { d.Steps[0].Kind = "walk" },
		"no permit":             func(d *flow.Definition) { d.Steps[0].Permit = "" },
		"a notice without days": func(d *flow.Definition) { d.Steps[0].Kind = flow.Notice },
		"days without a notice": func(d *flow.Definition) { d.Steps[0].Notice.Days = 3 },
		"no matter":             func(d *flow.Definition) { d.Steps[0].Kind = flow.Meeting },
		"two deadlines": func(d *flow.Definition) {
			d.Steps[0].Deadline = flow.Deadline{WorkingDays: 1, Day: "01-01"}
		},
		"a day that is not":      func(d *flow.Definition) { d.Steps[0].Deadline.Day = "02-30" },
		"return to a later step": func(d *flow.Definition) { d.Steps[0].ReturnTo = []string{"a"} },
		"withdraw to nowhere":    func(d *flow.Definition) { d.Withdraw = []string{"z"} },
		"too many signers":       func(d *flow.Definition) { d.Steps[0].Signers = flow.SignersMax + 1 },
	} {
		d := flow.Definition{Key: "k", Version: 1, Title: title, Steps: []flow.Step{good}}
		if problems := d.Check(); len(problems) > 0 {
			t.Fatal(problems)
		}
		if spoil(&d); len(d.Check()) == 0 {
			t.Errorf("%s: accepted", name)
		}
	}
}

// TestLeapDay: a deadline of 29 February falls on the 28th in a common year.
func TestLeapDay(t *testing.T) {
	step := flow.Step{Key: "a", Kind: flow.Work, Deadline: flow.Deadline{Day: "02-29", Year: 1}}
	for year, want := range map[int]period.Date{2027: "2028-02-29", 2025: "2026-02-28"} {
		a := flow.Act{Verb: flow.Open, At: period.Date("2026-01-05").Start(), Route: []flow.Step{step},
			Year: year}
		c, err := flow.Case{}.Apply(&a, calendar(t))
		if err != nil || c.Due != want {
			t.Errorf("%d: due %s, %v; want %s", year, c.Due, err, want)
		}
	}
}
