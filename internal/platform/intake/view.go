package intake

import (
	"context"
	"fmt"
	"iter"
	"strconv"
	"strings"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/platform/sheet"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// View is an intake as the block "intake" of the pages shows it. Of its three bad ends Empty, Failed
// and Cut at most one holds text.
type View struct {
	Name, Sent string
	State      string // in words
	Status     string // of the status mark
	Counts     []string
	Done       int64
	Total      int64
	Running    bool // the page loads itself again
	CanCheck   bool
	CanApply   bool
	CanCancel  bool
	Explain    bool // applying asks for an explanation

	Empty  string // there was nothing in the file
	Failed string // nothing was changed, and why
	Why    locale.Explanation
	Cut    string // some rows took effect, others did not

	Explanation string
	Filters     []FilterView
	Findings    []FindingView
	More        string // address of the next findings
	Exports     []LinkView
	Marked      string // address of the file with the places marked; "" if there is none
}

// FilterView is one choice of the filter by severity.
type FilterView struct {
	Text, Href string
	Current    bool
}

// FindingView is one finding in words.
type FindingView struct{ Status, Severity, Place, Text string }

// LinkView is an address to take something away.
type LinkView struct{ Text, Href string }

// Viewer makes views in one language.
type Viewer struct {
	Dictionary *locale.Dictionary
	Language   locale.Language
	Address    string // of the page; filters and exports are added to it
	Marked     bool   // the module keeps the file and serves ?format=marked
}

// Filter chooses findings: of one severity ("" all), behind a place in their order.
type Filter struct {
	Severity fault.Severity
	After    string
	Limit    int // 0: 200
}

const findingsShown = 200

// View reads an intake with its findings.
func (s *Service) View(ctx context.Context, a access.Actor, in Intake, v Viewer, f Filter) (View, error) {
	list, next, err := s.Findings(ctx, a, in, f)
	if err != nil {
		return View{}, err
	}
	out := v.view(in)
	out.Filters = v.filters(in, f)
	for _, found := range list {
		out.Findings = append(out.Findings, v.finding(found))
	}
	if next != "" {
		out.More = v.href("severity", string(f.Severity), "after", next)
	}
	if in.Errors+in.Warnings+in.Notes > 0 {
		for _, format := range []string{"xlsx", "csv"} {
			out.Exports = append(out.Exports,
				LinkView{format, v.href("format", format, "severity", string(f.Severity))})
		}
		if v.Marked {
			out.Marked = v.href("format", "marked")
		}
	}
	return out, nil
}

// statuses are the marks of the states.
var statuses = map[State]string{Staging: "waiting", Staged: "waiting", Checked: "waiting",
	Applying: "waiting", Done: "done", Refused: "overdue", Cancelled: "stopped", Cut: "due"}

// Tone is the status mark of an intake.
func Tone(in Intake) string {
	switch {
	case in.State == Checked && in.Errors > 0:
		return "overdue"
	case in.State == Done && in.Failed > 0:
		return "due"
	}
	return statuses[in.State]
}

func (v Viewer) view(in Intake) View {
	t := v.text
	out := View{Name: in.Name, Sent: in.Created.String(), State: t("intake.state." + string(in.State)),
		Status: Tone(in), Done: in.Applied + in.Repeated + in.Failed, Total: in.Rows,
		Running: in.State == Staging || in.State == Applying, CanCheck: in.State == Staged ||
			in.State == Checked,
		CanApply:  in.State == Checked && in.Errors == 0 || in.State == Applying,
		CanCancel: !in.State.Over(),
		Explain:   in.State == Checked && in.Warnings > 0, Explanation: in.Explanation}
	for _, c := range []struct {
		key    string
		n      int64
		always bool
	}{{"intake.rows", in.Rows, true}, {"intake.applied", in.Applied, in.State == Applying ||
		in.State == Done},
		{"intake.repeated", in.Repeated, false}, {"intake.row_failed", in.Failed, false}} {
		if c.always || c.n > 0 {
			out.Counts = append(out.Counts, t(c.key, locale.Count(c.n)))
		}
	}
	switch {
	case in.State == Refused:
		out.Failed = t("intake.failed")
		if f := in.Refused(); f != nil {
			out.Why = v.Dictionary.Explain(v.Language, f)
		}
	case in.State == Cut:
		out.Cut = t("intake.cut", locale.Count(in.Applied), locale.Count(in.Rows))
	case in.State == Cancelled:
		out.Empty = t("intake.cancelled")
	case in.Rows == 0 && in.State != Staging:
		out.Empty = t("intake.empty")
	}
	return out
}

func (v Viewer) text(key string, args ...any) string {
	return v.Dictionary.Text(v.Language, key, args...)
}

// href adds fields to the page's address; those without a value are left out.
func (v Viewer) href(pairs ...string) string {
	address, sign := v.Address, "?"
	if strings.Contains(address, "?") {
		sign = "&"
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			address += sign + pairs[i] + "=" + pairs[i+1]
			sign = "&"
		}
	}
	return address
}

func (v Viewer) filters(in Intake, f Filter) []FilterView {
	all := []FilterView{{v.text("intake.severity.all", locale.Count(in.Errors+in.Warnings+in.Notes)),
		v.href(), f.Severity == ""}}
	for i, n := range []int64{in.Errors, in.Warnings, in.Notes} {
		severity := severities[i]
		all = append(all, FilterView{v.text("intake.severity."+string(severity), locale.Count(n)),
			v.href("severity", string(severity)), f.Severity == severity})
	}
	return all
}

// findingMarks are the status marks of the severities.
var findingMarks = map[fault.Severity]string{fault.Error: "overdue", fault.Warning: "due",
	fault.Note: "draft"}

func (v Viewer) finding(f fault.Finding) FindingView {
	place := v.Dictionary.Place(v.Language, f)
	bare := f
	bare.Sheet, bare.Row, bare.Column = "", 0, ""
	return FindingView{findingMarks[f.Severity], v.text("severity." + string(f.Severity)), place,
		v.Dictionary.Finding(v.Language, bare)}
}

// Findings reads findings – errors first, then warnings and notes, each in the order of the file – and where
// the next ones begin ("" if these are the last).
func (s *Service) Findings(ctx context.Context, a access.Actor, in Intake, f Filter) ([]fault.Finding,
	string, error) {
	if _, _, err := s.open(ctx, a, in.Home, in.ID); err != nil {
		return nil, "", err
	}
	limit := f.Limit
	if limit <= 0 || limit > findingsShown {
		limit = findingsShown
	}
	after, err := place(f.After)
	if err != nil {
		return nil, "", err
	}
	kept, err := read(ctx, s, func(v *store.View) ([]storedFinding, error) {
		return findings.All(v, `WHERE home = ? AND intake = ? AND severity BETWEEN ? AND ?
			AND (severity > ? OR severity = ? AND
				(line > ? OR line = ? AND (phase > ? OR phase = ? AND n > ?)))
			ORDER BY severity, line, phase, n LIMIT ?`, in.Home, in.ID, from(f.Severity), to(f.Severity),
			after[0], after[0], after[1], after[1], after[2], after[2], after[3], limit+1)
	})
	if err != nil {
		return nil, "", err
	}
	next := ""
	if len(kept) > limit {
		kept = kept[:limit]
		last := kept[limit-1]
		next = fmt.Sprintf("%d.%d.%d.%d", last.Severity, last.Line, last.Phase, last.N)
	}
	list := make([]fault.Finding, len(kept))
	for i, k := range kept {
		if list[i], err = k.finding(); err != nil {
			return nil, "", err
		}
	}
	return list, next, nil
}

func from(s fault.Severity) int {
	if s == "" {
		return 0
	}
	return rank(s)
}

func to(s fault.Severity) int {
	if s == "" {
		return len(severities)
	}
	return rank(s)
}

// place reads a cursor: severity, line, phase and number of the last finding that was shown.
func place(cursor string) (at [4]int64, err error) {
	if cursor == "" {
		return [4]int64{-1, -1, -1, -1}, nil
	}
	parts := strings.Split(cursor, ".")
	for i := range at {
		if len(parts) != len(at) {
			return at, fault.New(fault.Invalid, "web.cursor")
		}
		if at[i], err = strconv.ParseInt(parts[i], 10, 64); err != nil {
			return at, fault.New(fault.Invalid, "web.cursor")
		}
	}
	return at, nil
}

// All streams every finding of a filter, page by page.
func (s *Service) All(ctx context.Context, a access.Actor, in Intake, f Filter) iter.Seq2[fault.Finding,
	error] {
	return func(yield func(fault.Finding, error) bool) {
		for {
			list, next, err := s.Findings(ctx, a, in, f)
			if err != nil {
				yield(fault.Finding{}, err)
				return
			}
			for _, found := range list {
				if !yield(found, nil) {
					return
				}
			}
			if f.After = next; next == "" {
				return
			}
		}
	}
}

// Table is all findings of a filter as a table to take away.
func (s *Service) Table(ctx context.Context, a access.Actor, in Intake, v Viewer, f Filter) sheet.Table {
	heading := []string{v.text("intake.severity"), v.text("intake.place"), v.text("intake.what")}
	return sheet.Table{Title: in.Name, Heading: heading, Rows: func(yield func([]any, error) bool) {
		for found, err := range s.All(ctx, a, in, f) {
			if err != nil {
				yield(nil, err)
				return
			}
			shown := v.finding(found)
			if !yield([]any{shown.Severity, shown.Place, shown.Text}, nil) {
				return
			}
		}
	}}
}
