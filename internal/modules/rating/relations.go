package rating

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/terrace-project/terrace/internal/modules/rating/inquiry"
)

// relationCommand says how figures of areas relate to each other: one command a kind.
func (s *Rating) relationCommand() *cobra.Command {
	c := s.host.Console
	root := &cobra.Command{Use: "relation", Short: c.T("rating.command.relation"),
		Long: c.T("rating.command.relation.long")}
	for _, q := range inquiry.All() {
		key := "rating.command.relation." + q.Name
		cmd := &cobra.Command{Use: q.Name + " DATA", Short: c.T(key), Long: c.T(key + ".long"),
			Args: cobra.ExactArgs(1), RunE: func(_ *cobra.Command, args []string) error {
				answers, err := q.Answers(args[0], readSheet)
				if err != nil {
					return err
				}
				return s.sayAnswers(q, answers)
			}}
		q.Declare(cmd.Flags(), c.T)
		root.AddCommand(cmd)
	}
	return root
}

// sayAnswers writes the tables if a folder is said, and prints them.
func (s *Rating) sayAnswers(q *inquiry.Inquiry, answers []inquiry.Answer) error {
	if q.Out != "" {
		f, err := newFolder(q.Out)
		if err != nil {
			return err
		}
		for _, a := range answers {
			if err := f.answer(a); err != nil {
				return err
			}
		}
	}
	if q.JSON {
		return s.printAnswers(answers)
	}
	for i, a := range answers {
		if i > 0 {
			fmt.Fprintln(s.host.Console.Out)
		}
		s.sayAnswer(a)
	}
	if q.Out != "" {
		fmt.Fprintln(s.host.Console.Out)
		s.host.Console.Say("rating.relation.written", len(answers), q.Out)
	}
	return nil
}

// answer writes a table in full.
func (f folder) answer(a inquiry.Answer) error {
	headings, rows := make([]string, len(a.Columns)), make([][]string, len(a.Rows))
	for at, column := range a.Columns {
		headings[at] = strings.TrimPrefix(column, inquiry.OwnColumn)
	}
	for i, row := range a.Rows {
		for _, x := range row {
			rows[i] = append(rows[i], inFull(x))
		}
	}
	return f.table(a.Name+".csv", headings, rows)
}

func (s *Rating) sayAnswer(a inquiry.Answer) {
	c := s.host.Console
	c.Say("rating.relation."+a.Name, a.About...)
	at := slices.Index(a.Columns, "time")
	timed := at >= 0 && len(a.Rows) > 0 && a.Rows[0][at] != "" // a column of no times is for files only
	var headings []string
	rows := make([][]string, len(a.Rows))
	for at, column := range a.Columns {
		if column == "time" && !timed {
			continue
		}
		headings = append(headings, columnText(c.T, column))
		for i, row := range a.Rows {
			rows[i] = append(rows[i], inShort(row[at], c.T))
		}
	}
	c.Table(headings, rows)
}

// columnText is the heading of a column; one of the data stands as it is.
func columnText(text texter, column string) string {
	if code, own := strings.CutPrefix(column, inquiry.OwnColumn); own {
		return code
	}
	return text("rating.column." + column)
}

func inFull(x any) string {
	switch x := x.(type) {
	case float64:
		return cell(x)
	case int:
		return strconv.Itoa(x)
	}
	return fmt.Sprint(x)
}

func inShort(x any, text texter) string {
	switch x := x.(type) {
	case float64:
		return shortFigure(x + 0) // no zero with a sign
	case inquiry.Coded:
		if x == "" {
			return ""
		}
		return text("rating.relation.word." + string(x))
	}
	return inFull(x)
}

// printAnswers prints tables for programs, a list of rows by the name of each table. A missing figure is
// null, an infinite one a text.
func (s *Rating) printAnswers(answers []inquiry.Answer) error {
	body := map[string][]map[string]any{}
	for _, a := range answers {
		rows := make([]map[string]any, len(a.Rows))
		for i, row := range a.Rows {
			rows[i] = map[string]any{}
			for at, column := range a.Columns {
				value := row[at]
				if x, is := value.(float64); is && math.IsNaN(x) {
					value = nil
				} else if is && math.IsInf(x, 0) {
					value = cell(x)
				}
				rows[i][strings.TrimPrefix(column, inquiry.OwnColumn)] = value
			}
		}
		body[a.Name] = rows
	}
	e := json.NewEncoder(s.host.Console.Out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(body)
}
