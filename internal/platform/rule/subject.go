package rule

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/period"
	"github.com/terrace-project/terrace/internal/pure/words"
)

// Subject is a kind of thing that rules of a pack look at: a contract, an asset card, a book. A module
// contributes subjects through its manifest; the variables are the fields a rule may speak of.
//
//	rule.Subject{
//		Name:  "contract",
//		Title: words.Words{Chinese: "合同", English: "Contract"},
//		Variables: []rule.Variable{
//			{Name: "number", Kind: rule.Text, Title: words.Words{Chinese: "合同编号", English: "Number"}},
//			{Name: "overdue", Kind: rule.Int, Unit: rule.Fen, Title: …},
//			{Name: "ends", Kind: rule.Text, Unit: rule.Day, Title: …},
//		},
//		SQL: `SELECT c.home, c.organisation, c.place, c.id AS key, c.number, c.term_to AS ends,
//			(SELECT coalesce(sum(r.due - r.paid), 0) FROM receivable r WHERE r.home = c.home
//				AND r.contract = c.id AND r.day < {today}) AS overdue
//			FROM contract c WHERE c.home = {home} AND {organisations c.organisation}`,
//		Address: func(home int64, key string) string { return web.Path("contracts", home, key) },
//	}
type Subject struct {
	Name      string
	Title     words.Words
	Variables []Variable
	// SQL is one SELECT for both engines. Its columns are home, organisation, place, key – numbers, but
	// key, which is a number or a text – and one named like each variable, in any order, nothing NULL:
	// a number that is missing is 0, a text '', a flag FALSE, and given() says so. What needs other
	// rows (a median, a sum over thirty days) is a column computed here, with window functions or a
	// WITH. Everything that differs from run to run is a placeholder, bound and never pasted:
	//
	//	{home}             the county: every table must be narrowed by it
	//	{today}            the day of the run; {today-90d}, {today+30d}, {today-24m}, {today-3y} from it
	//	{organisations c}  "c is one of the organisations asked for"; every row, in a run of the whole
	//	                   county. It stands wherever rows are read that no other organisation's answer
	//	                   needs, so that a run of a few organisations reads theirs alone.
	//	{table accounts}   the rows of a Table: WITH account (chart, code) AS (VALUES {table accounts})
	//
	// It reads each row once: a run passes over a city of 1.5 million assets within seconds.
	SQL string
	// Tables are small tables of what the pack has and the database has not, by name, for the SQL to join.
	Tables map[string]Table
	// Address is the page of a hit.
	Address func(home int64, key string) string
}

// Table is rows of texts, all of the same number of columns, made anew for every run. A table without rows
// has one of empty texts.
type Table struct {
	Columns int
	Rows    func(r store.Reader, scope Scope) ([][]string, error)
}

// values writes the rows for VALUES. Without a reader it writes none: the SQL is only looked at.
func (t Table) values(r store.Reader, scope Scope) (string, []any, error) {
	var rows [][]string
	if r != nil {
		var err error
		if rows, err = t.Rows(r, scope); err != nil {
			return "", nil, err
		}
	}
	if len(rows) == 0 {
		rows = [][]string{make([]string, t.Columns)}
	}
	row := "(CAST(? AS TEXT)" + strings.Repeat(", CAST(? AS TEXT)", t.Columns-1) + ")"
	args := make([]any, 0, len(rows)*t.Columns)
	for _, cells := range rows {
		for _, cell := range cells {
			args = append(args, cell)
		}
	}
	return row + strings.Repeat(", "+row, len(rows)-1), args, nil
}

// todayName is the variable that every subject has: the day for which a rule is asked.
const todayName = "today"

// columns are those of every subject beside its variables.
var subjectColumns = []string{"home", "organisation", "place", "key"}

// Subjects are all subjects of the program.
type Subjects struct {
	byName map[string]*Subject
	names  []string
	made   map[string]*Environment
}

// NewSubjects checks the subjects that modules contribute. What is wrong with one is a bug of its module.
func NewSubjects(all ...Subject) (*Subjects, error) {
	s := &Subjects{byName: map[string]*Subject{}, made: map[string]*Environment{}}
	for _, subject := range all {
		if !ValidName(subject.Name) || s.byName[subject.Name] != nil {
			return s, fmt.Errorf("rule: the subject %q has no name of its own", subject.Name)
		}
		environment, err := subject.environment()
		if err != nil {
			return s, fmt.Errorf("rule: subject %s: %w", subject.Name, err)
		}
		s.byName[subject.Name], s.made[subject.Name] = &subject, environment
		s.names = append(s.names, subject.Name)
	}
	slices.Sort(s.names)
	return s, nil
}

// Find is the subject of a name; nil if no module contributes it.
func (s *Subjects) Find(name string) *Subject { return s.byName[name] }

// Names lists the subjects.
func (s *Subjects) Names() []string { return s.names }

// Environment is what rules on a subject may speak of: its variables and today.
func (s *Subjects) Environment(name string) *Environment { return s.made[name] }

func (s *Subject) environment() (*Environment, error) {
	if !s.Title.Whole() || s.Address == nil || len(s.Variables) == 0 {
		return nil, fmt.Errorf("title, variables or address are missing")
	}
	for _, v := range s.Variables {
		plain := v.Kind == Int || v.Kind == Text || v.Kind == Bool
		if !plain || !v.Title.Whole() || v.Name == todayName || slices.Contains(subjectColumns, v.Name) {
			return nil, fmt.Errorf("the variable %q cannot be so", v.Name)
		}
	}
	_, err := s.Select(nil, Scope{Home: 1, Today: "2025-01-01"})
	if err != nil {
		return nil, err
	}
	variables := append(slices.Clone(s.Variables), Variable{Name: todayName, Kind: Text, Unit: Day})
	return NewEnvironment(variables)
}

// variable is one by its name; nil if there is none.
func (s *Subject) variable(name string) *Variable {
	for i := range s.Variables {
		if s.Variables[i].Name == name {
			return &s.Variables[i]
		}
	}
	return nil
}

// Scope is which rows of a subject are asked for.
type Scope struct {
	Home          int64
	Today         period.Date
	Organisations []int64 // nil: all of the county
}

// Statement is SQL with what is bound to it.
type Statement struct {
	Text string
	Args []any
}

var placeholder = regexp.MustCompile(`\{([a-z]+)([^{}]*)\}`)
var shiftPattern = regexp.MustCompile(`^([+-])([0-9]{1,4})([dmy])$`)

// Select is the subject's SELECT for a scope; r is what its tables are read from.
func (s *Subject) Select(r store.Reader, scope Scope) (Statement, error) {
	var out Statement
	var text strings.Builder
	seen := map[string]int{}
	from := 0
	for _, at := range placeholder.FindAllStringSubmatchIndex(s.SQL, -1) {
		text.WriteString(s.SQL[from:at[0]])
		from = at[1]
		name, rest := s.SQL[at[2]:at[3]], s.SQL[at[4]:at[5]]
		seen[name]++
		written, args, err := s.placed(r, scope, name, strings.TrimSpace(rest))
		if err != nil {
			return out, err
		}
		text.WriteString(written)
		out.Args = append(out.Args, args...)
	}
	text.WriteString(s.SQL[from:])
	if seen["home"] == 0 || seen["organisations"] == 0 {
		return out, fmt.Errorf("the SQL must be narrowed by {home} and {organisations …}")
	}
	out.Text = text.String()
	return out, nil
}

// placed is what stands for a placeholder.
func (s *Subject) placed(r store.Reader, scope Scope, name, rest string) (string, []any, error) {
	if name != "table" {
		return scope.placed(name, rest)
	}
	t, known := s.Tables[rest]
	if !known || t.Columns < 1 || t.Rows == nil {
		return "", nil, fmt.Errorf("the table %q is not known", rest)
	}
	return t.values(r, scope)
}

// placed is what stands for a placeholder of the scope.
func (c Scope) placed(name, rest string) (string, []any, error) {
	switch name {
	case "home":
		return "CAST(? AS BIGINT)", []any{c.Home}, nil
	case "today":
		day := c.Today
		if rest != "" {
			m := shiftPattern.FindStringSubmatch(rest)
			if m == nil {
				return "", nil, fmt.Errorf("{today%s} is no day", rest)
			}
			day = period.Date(shift(string(day), signed(m[1], m[2]), m[3][0]))
		}
		return "CAST(? AS TEXT)", []any{string(day)}, nil
	case "organisations":
		if rest == "" {
			return "", nil, fmt.Errorf("{organisations} needs a column")
		}
		if c.Organisations == nil {
			return "1 = 1", nil, nil
		}
		if len(c.Organisations) == 0 {
			return "1 = 0", nil, nil
		}
		args := make([]any, len(c.Organisations))
		for i, id := range c.Organisations {
			args[i] = id
		}
		return rest + " IN (?" + strings.Repeat(", ?", len(args)-1) + ")", args, nil
	}
	return "", nil, fmt.Errorf("the placeholder {%s} is not known", name)
}

func signed(sign, digits string) int64 {
	n := int64(0)
	for _, d := range digits {
		n = n*10 + int64(d-'0')
	}
	if sign == "-" {
		return -n
	}
	return n
}
