package policy

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/terrace-project/terrace/internal/pure/fault"
)

func (p *Policy) commands() []*cobra.Command {
	c := p.host.Console
	root := &cobra.Command{Use: "target", Short: c.T("policy.command")}
	asJSON := false
	list := &cobra.Command{Use: "list", Short: c.T("policy.command.list"), Args: cobra.NoArgs,
		RunE: p.host.Opened(func(ctx context.Context, _ []string) error {
			return p.listCommand(ctx, asJSON)
		})}
	show := &cobra.Command{Use: "show KEY", Short: c.T("policy.command.show"), Args: cobra.ExactArgs(1),
		RunE: p.host.Opened(func(ctx context.Context, args []string) error {
			return p.showCommand(ctx, args[0], asJSON)
		})}
	for _, one := range []*cobra.Command{list, show} {
		one.Flags().BoolVar(&asJSON, "json", false, c.T("policy.command.json"))
	}
	root.AddCommand(list, show)
	return []*cobra.Command{root}
}

// printed writes what programs read: the same as the API answers.
func (p *Policy) printed(body any) error {
	e := json.NewEncoder(p.host.Console.Out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(body)
}

func (p *Policy) listCommand(ctx context.Context, asJSON bool) error {
	all, err := p.studies(ctx)
	if err != nil {
		return err
	}
	c := p.host.Console
	rows := make([]targetOut, len(all))
	var lines [][]string
	for i, s := range all {
		rows[i] = p.targetOut(s)
		lines = append(lines, []string{s.Key, s.Title.In(c.Language), s.PlaceName, s.Aim,
			strconv.Itoa(s.To), s.lastText(c.T), s.lightText(c.T)})
	}
	if asJSON {
		return p.printed(rows)
	}
	var headings []string
	for _, key := range []string{"key", "title", "place", "aim", "by", "last", "light"} {
		headings = append(headings, c.T("policy.targets.column."+key))
	}
	c.Table(headings, lines)
	return nil
}

func (p *Policy) showCommand(ctx context.Context, key string, asJSON bool) error {
	s, err := p.study(ctx, key)
	if err != nil {
		return err
	}
	if asJSON {
		return p.printed(p.studyOut(s))
	}
	c := p.host.Console
	fmt.Fprintf(c.Out, "%s · %s\n", s.Title.In(c.Language), s.PlaceName)
	for _, line := range append([]string{s.standing(c.T), s.paces(c.T),
		c.T("policy.document") + " " + s.Document.In(c.Language)}, s.methods(c.T)...) {
		if line != "" {
			fmt.Fprintln(c.Out, line)
		}
	}
	for _, b := range s.unused() {
		fmt.Fprintln(c.Out, c.T("statistics.break_of", b.From, b.Title)+c.T("policy.not_used"))
	}
	for _, t := range s.tables(c.T) {
		fmt.Fprintf(c.Out, "\n%s\n", t.Title)
		if t.Lead != "" {
			fmt.Fprintln(c.Out, t.Lead)
		}
		c.Table(t.Heading, t.lines())
	}
	for _, f := range s.Refused {
		words := c.Dictionary.Explain(c.Language, f)
		fmt.Fprintln(c.Out)
		c.Findings([]fault.Finding{{Severity: fault.Note, Key: f.Key, Args: f.Args}})
		fmt.Fprintf(c.Out, "  %s\n  %s\n", words.Rule, words.Next)
	}
	return nil
}

// lines are the rows of a table as a terminal shows them.
func (t tableView) lines() (lines [][]string) {
	for _, row := range append(t.Rows[:len(t.Rows):len(t.Rows)], t.Foot) {
		var line []string
		for _, cell := range row {
			text := cell.Text
			if cell.Soft != "" {
				text = strings.TrimSpace(text + " " + cell.Soft)
			}
			line = append(line, text)
		}
		if len(line) > 0 {
			lines = append(lines, line)
		}
	}
	return lines
}
