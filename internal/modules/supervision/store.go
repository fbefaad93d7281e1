package supervision

import (
	"embed"
	"fmt"
	"io/fs"

	"github.com/terrace-project/terrace/internal/platform/rule"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
	"github.com/terrace-project/terrace/internal/pure/words"
)

//go:embed migrations/*.sql
var migrations embed.FS

func part() store.Part {
	root, err := fs.Sub(migrations, "migrations")
	if err != nil {
		panic(err) // the folder is embedded
	}
	return store.Part{Name: "supervision", Migrations: root}
}

// State is where a finding stands.
type State string

// The states.
const (
	Open        State = "open"
	Closed      State = "closed"
	Transferred State = "transferred" // to discipline inspection
)

// States lists them for filters.
var States = []State{Open, Closed, Transferred}

// Tone is the mark of a state.
func (s State) Tone() string {
	return map[State]string{Open: "due", Closed: "done", Transferred: "stopped"}[s]
}

// Outcome is what the township answered, or how a finding ended.
type Outcome string

// The outcomes.
const (
	Explained Outcome = "explained" // nothing was wrong
	Rectified Outcome = "rectified" // something was, and was put right
	HandedOn  Outcome = "transferred"
)

// Finding is what a rule hit.
type Finding struct {
	Home         int64         `db:"home"`
	ID           int64         `db:"id,key"`
	Version      int64         `db:"version,version"`
	Organisation int64         `db:"organisation"`
	Place        int64         `db:"place"`
	Rule         string        `db:"rule"`
	RuleVersion  int64         `db:"rule_version"`
	Severity     rule.Severity `db:"severity"`
	Rank         int           `db:"severity_rank"`
	Subject      string        `db:"subject"`
	SubjectKey   string        `db:"subject_key"`
	State        State         `db:"state"`
	Outcome      Outcome       `db:"outcome"` // as answered; "" not yet
	Answer       string        `db:"answer"`
	Evidence     string        `db:"evidence"` // what it rests on: numbers of documents, photos
	Case         int64         `db:"procedure_case"`
	FirstHit     period.Date   `db:"first_hit"`
	LastHit      period.Date   `db:"last_hit"` // when it was last raised or its values changed
	Times        int64         `db:"times"`    // how often it was opened
	Gone         period.Date   `db:"gone"`     // since when the rule no longer hits; "" it does
	Closed       period.Date   `db:"closed"`   // "" open
	TextZh       string        `db:"text_zh"`
	TextEn       string        `db:"text_en"`
	Content      string        `db:"content"` // the values, as JSON
}

// Ref names a finding.
type Ref struct{ Home, ID int64 }

// Ref names the row's finding.
func (f Finding) Ref() Ref { return Ref{f.Home, f.ID} }

// Text is why it was hit.
func (f Finding) Text() words.Words { return words.Words{Chinese: f.TextZh, English: f.TextEn} }

// Address is the finding's page.
func Address(ref Ref) string { return fmt.Sprintf("/findings/%d/%d", ref.Home, ref.ID) }

func subjectOf(id int64) string { return fmt.Sprintf("finding/%d", id) }

// end is how a finding ended once.
type end struct {
	Home        int64       `db:"home"`
	Finding     int64       `db:"finding,key"`
	Number      int64       `db:"number,key"`
	Version     int64       `db:"version,version"`
	Rule        string      `db:"rule"`
	RuleVersion int64       `db:"rule_version"`
	Outcome     Outcome     `db:"outcome"`
	Ended       period.Date `db:"ended"`
}

// Run is how far the rules have been asked in a county.
type Run struct {
	Home      int64       `db:"home,key"`
	Version   int64       `db:"version,version"`
	Watermark int64       `db:"watermark"` // the last event that was looked at
	Whole     period.Date `db:"whole"`     // day of the last run over all organisations
	Hits      int64       `db:"hits"`
	Raised    int64       `db:"raised"`
	Reopened  int64       `db:"reopened"`
	Gone      int64       `db:"gone"`
	Failed    int64       `db:"failed"` // records on which a rule had no result
}

var (
	findings = store.NewTable[Finding]("finding")
	ends     = store.NewTable[end]("finding_end")
	runs     = store.NewTable[Run]("supervision_run").Unsealed()
)

func tables() []store.Sealed { return []store.Sealed{findings, ends, runs} }

// Get reads a finding.
func Get(r store.Reader, ref Ref) (Finding, error) {
	f, found, err := findings.First(r, "WHERE home = ? AND id = ?", ref.Home, ref.ID)
	if err == nil && !found {
		err = fault.New(fault.NotFound, "supervision.none")
	}
	return f, err
}

// runOf is how far a county is; the zero Run if its rules were never asked.
func runOf(r store.Reader, home int64) (Run, error) {
	run, _, err := runs.First(r, "WHERE home = ?", home)
	run.Home = home
	return run, err
}

// ColourOf is the worst open rule of an organisation; "" none.
func ColourOf(r store.Reader, home, organisation int64) (rule.Severity, int64, error) {
	type worst struct {
		Rank int64 `db:"worst"`
		N    int64 `db:"n"`
	}
	w, _, err := store.First[worst](r, `SELECT coalesce(max(severity_rank), 0) AS worst, count(*) AS n
		FROM finding WHERE home = ? AND state = 'open' AND organisation = ?`, home, organisation)
	if err != nil || w.Rank == 0 {
		return "", 0, err
	}
	return rule.Severities[w.Rank-1], w.N, nil
}
