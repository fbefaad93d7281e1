package rule

import (
	"errors"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"

	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// Question is a rule with the parameters with which it is asked.
type Question struct {
	Rule       *Rule
	Parameters Parameters
	// Also are variables that the answer is to carry beside those the rule reads.
	Also []string
	// Only asks rows at these places alone, Except those at no such place: what a parameter is in a part of
	// the county is a question of its own. nil: everywhere.
	Only, Except []int64
	// ByRecord asks record by record though SQL could.
	ByRecord bool
}

// Answer is a row of a subject on which at least one rule holds or has no result.
type Answer struct {
	Home, Organisation, Place int64
	Key                       string
	Holds                     []int // places of the questions
	Failed                    []int // questions without a result: overflow, division by zero
	Row                       Row
}

// Row is a record of a subject as it stands in the database. What is 0, "" or false was not given.
type Row struct {
	variables []Variable
	values    []string
	today     period.Date
}

// Value is a variable of the row.
func (r Row) Value(name string) Value {
	if name == todayName {
		return TextOf(string(r.today))
	}
	i := slices.IndexFunc(r.variables, func(v Variable) bool { return v.Name == name })
	if i < 0 {
		return Value{}
	}
	v, err := ValueOf(r.variables[i].Kind, r.values[i])
	if err != nil {
		return Value{}
	}
	return v
}

// Variables are those the row has values of.
func (r Row) Variables() []Variable { return r.variables }

// Texts are the values as plain text, in the order of Variables.
func (r Row) Texts() []string { return r.values }

// NewRow makes a row of what was kept of one.
func NewRow(today period.Date, variables []Variable, values []string) (Row, error) {
	if len(variables) != len(values) {
		return Row{}, fmt.Errorf("rule: %d values for %d variables", len(values), len(variables))
	}
	return Row{variables, values, today}, nil
}

// ValueOf reads a plain text as a value of a kind; 0, "" and false are not given.
func ValueOf(kind Kind, text string) (Value, error) {
	switch kind {
	case Int:
		n, err := strconv.ParseInt(text, 10, 64)
		if n == 0 {
			return Value{}, err
		}
		return IntOf(n), nil
	case Bool:
		if text == "1" || text == "true" {
			return BoolOf(true), nil
		}
		return Value{}, nil
	}
	if text == "" {
		return Value{}, nil
	}
	return TextOf(text), nil
}

// separator stands between the values of a row. SQL takes it out of texts.
const separator = "\x1f"

// asked is a row as the statement gives it.
type asked struct {
	Home         int64  `db:"home"`
	Organisation int64  `db:"organisation"`
	Place        int64  `db:"place"`
	Key          string `db:"subject_key"`
	Verdicts     string `db:"verdicts"`
	Content      string `db:"content"`
}

// Ask puts questions to a subject's rows, one pass of the database for all that SQL can answer and one for
// the others. The error is of the database, or of a parameter that is not set.
func (s *Subjects) Ask(r store.Reader, subject string, scope Scope, questions []Question) iter.Seq2[Answer,
	error] {
	return func(yield func(Answer, error) bool) {
		pushed, byRecord, err := s.divide(subject, scope, questions)
		if err != nil {
			yield(Answer{}, err)
			return
		}
		p := pass{subjects: s, reader: r, subject: subject, scope: scope, questions: questions,
			variables: s.reads(subject, questions)}
		if len(pushed) > 0 && !p.bySQL(pushed, yield) {
			return
		}
		if len(byRecord) > 0 {
			p.byRecord(byRecord, yield)
		}
	}
}

// pass is one reading of a subject's rows.
type pass struct {
	subjects  *Subjects
	reader    store.Reader
	subject   string
	scope     Scope
	questions []Question
	variables []Variable
}

// rows are those of the subject on which a predicate is not false; all of them without predicates.
func (p pass) rows(pushed []predicate) iter.Seq2[asked, error] {
	statement, err := p.statement(pushed)
	if err != nil {
		return func(yield func(asked, error) bool) { yield(asked{}, err) }
	}
	return store.Each[asked](p.reader, statement.Text, statement.Args...)
}

// predicate is a question that SQL answers.
type predicate struct {
	question int
	term     term
}

func (s *Subjects) divide(subject string, scope Scope, questions []Question) (pushed []predicate,
	byRecord []int, err error) {
	if s.byName[subject] == nil {
		return nil, nil, fmt.Errorf("rule: no subject %q", subject)
	}
	for i, q := range questions {
		t, err := s.pusher(subject, q, scope.Today).predicate()
		t = q.there(t)
		switch {
		case q.ByRecord || errors.Is(err, errNotPushed):
			byRecord = append(byRecord, i)
		case err != nil:
			return nil, nil, err
		default:
			pushed = append(pushed, predicate{i, t})
		}
	}
	return pushed, byRecord, nil
}

// at reports whether the question is asked of rows at a place.
func (q Question) at(place int64) bool {
	return (q.Only == nil || slices.Contains(q.Only, place)) && !slices.Contains(q.Except, place)
}

// there narrows a predicate to the places that the question is asked at: elsewhere it is false, whatever
// the condition comes to.
func (q Question) there(t term) term {
	for _, narrow := range []struct {
		places []int64
		in     string
	}{{q.Only, "place IN (?"}, {q.Except, "place NOT IN (?"}} {
		if len(narrow.places) == 0 {
			continue
		}
		args := make([]any, len(narrow.places), len(narrow.places)+len(t.args))
		for i, place := range narrow.places {
			args[i] = place
		}
		t.text = narrow.in + strings.Repeat(", ?", len(args)-1) + ") AND (" + t.text + ")"
		t.args = append(args, t.args...)
	}
	return t
}

// reads are the variables that questions read, each once, in the subject's order.
func (s *Subjects) reads(subject string, questions []Question) []Variable {
	var names []string
	for _, q := range questions {
		names = append(append(names, q.Rule.Uses()...), q.Also...)
	}
	return s.byName[subject].used(names)
}

func (p pass) bySQL(pushed []predicate, yield func(Answer, error) bool) bool {
	for row, err := range p.rows(pushed) {
		if err != nil {
			yield(Answer{}, err)
			return false
		}
		answer := row.answer(p.variables, p.scope.Today)
		for i, one := range pushed {
			switch row.Verdicts[i] {
			case '1':
				answer.Holds = append(answer.Holds, one.question)
			case 'e':
				answer.Failed = append(answer.Failed, one.question)
			}
		}
		if !yield(answer, nil) {
			return false
		}
	}
	return true
}

func (p pass) byRecord(which []int, yield func(Answer, error) bool) {
	for row, err := range p.rows(nil) {
		if err != nil {
			yield(Answer{}, err)
			return
		}
		answer := row.answer(p.variables, p.scope.Today)
		for _, i := range which {
			if !p.questions[i].at(row.Place) {
				continue
			}
			holds, err := p.questions[i].Rule.Holds(answer.Row, p.questions[i].Parameters)
			if err != nil {
				answer.Failed = append(answer.Failed, i)
			} else if holds {
				answer.Holds = append(answer.Holds, i)
			}
		}
		if len(answer.Holds)+len(answer.Failed) > 0 && !yield(answer, nil) {
			return
		}
	}
}

func (a asked) answer(variables []Variable, today period.Date) Answer {
	return Answer{Home: a.Home, Organisation: a.Organisation, Place: a.Place, Key: a.Key,
		Row: Row{variables, strings.Split(a.Content, separator)[:len(variables)], today}}
}

// statement is the pass over a subject: its rows as they are cast to their kinds, the verdict of each
// predicate as a letter, and the values that answers carry. Without predicates it gives every row.
//
//	WITH subject AS MATERIALIZED (SELECT … FROM (the subject's SELECT) q),
//	judged AS (SELECT *, CASE p WHEN TRUE THEN '1' WHEN FALSE THEN '0' ELSE 'e' END || … AS verdicts …)
//	SELECT … WHERE verdicts <> '00…'
//
// It is materialized so that a column that is a subquery is computed once though rules read it twice.
func (p pass) statement(pushed []predicate) (Statement, error) {
	from, err := p.subjects.byName[p.subject].Select(p.reader, p.scope)
	if err != nil {
		return from, err
	}
	var text strings.Builder
	text.WriteString("WITH subject AS MATERIALIZED (SELECT CAST(q.home AS BIGINT) AS home," +
		" CAST(q.organisation AS BIGINT) AS organisation, CAST(q.place AS BIGINT) AS place," +
		" CAST(q.key AS TEXT) AS subject_key")
	for _, v := range p.variables {
		text.WriteString(", " + castColumn(v) + " AS " + quoted(v))
	}
	text.WriteString(" FROM (" + from.Text + ") q), judged AS (SELECT subject.*, ")
	args := from.Args
	for i, one := range pushed {
		if i > 0 {
			text.WriteString(" || ")
		}
		text.WriteString("CASE (" + one.term.text + ") WHEN TRUE THEN '1' WHEN FALSE THEN '0' ELSE 'e' END")
		args = append(args, one.term.args...)
	}
	if len(pushed) == 0 {
		text.WriteString("''")
	}
	text.WriteString(" AS verdicts FROM subject) SELECT home, organisation, place, subject_key, verdicts, ")
	for _, v := range p.variables {
		text.WriteString(contentOf(v) + " || CAST(? AS TEXT) || ")
		args = append(args, separator)
		if v.Kind == Text {
			args = append(args, separator)
		}
	}
	text.WriteString("'' AS content FROM judged")
	if len(pushed) > 0 {
		text.WriteString(" WHERE verdicts <> '" + strings.Repeat("0", len(pushed)) + "'")
	}
	return Statement{text.String(), args}, nil
}

// castColumn gives a column its kind: PostgreSQL's sums of BIGINT are NUMERIC, which divides otherwise.
func castColumn(v Variable) string {
	switch v.Kind {
	case Int:
		return "coalesce(CAST(q." + quoted(v) + " AS BIGINT), 0)"
	case Bool:
		return "coalesce(q." + quoted(v) + ", FALSE)"
	}
	return "coalesce(CAST(q." + quoted(v) + " AS TEXT), '')"
}

// contentOf is a column as text.
func contentOf(v Variable) string {
	switch v.Kind {
	case Int:
		return "CAST(" + quoted(v) + " AS TEXT)"
	case Bool:
		return "CASE WHEN " + quoted(v) + " THEN '1' ELSE '0' END"
	}
	return "replace(" + quoted(v) + ", CAST(? AS TEXT), ' ')"
}

// quoted is a variable's column; its name may be a word of SQL. Names are checked by ValidName.
func quoted(v Variable) string { return `"` + v.Name + `"` }
