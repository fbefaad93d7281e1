package editions

import (
	"context"
	"encoding/csv"
	"io"
	"os"
	"path/filepath"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/terrace-project/terrace/internal/modules/territory"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/decimal"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// Commands are those below terrace place that are about editions and suggestions. They act as the
// program itself.
func (g *Editions) Commands() []*cobra.Command {
	return []*cobra.Command{g.importCommand(), g.suggestionsCommand(), g.confirmCommand(),
		g.rejectCommand()}
}

// importFlags are the flags of terrace place import.
type importFlags struct {
	scheme, edition, report string
	dryRun                  bool
}

func (g *Editions) importCommand() *cobra.Command {
	c := g.host.Console
	var f importFlags
	cmd := &cobra.Command{Use: "import FILE", Short: c.T("editions.command.import"),
		Args: cobra.ExactArgs(1),
		RunE: g.host.Opened(func(ctx context.Context, args []string) error {
			return g.importFile(ctx, args[0],
				f)
		})}
	cmd.Flags().StringVar(&f.scheme, "scheme", string(territory.Statistical),
		c.T("editions.command.scheme"))
	cmd.Flags().StringVar(&f.edition, "edition", "", c.T("editions.command.edition"))
	cmd.Flags().StringVar(&f.report, "report", "", c.T("editions.command.report"))
	cmd.Flags().BoolVar(&f.dryRun, "dry-run", false, c.T("editions.command.dry_run"))
	return cmd
}

func (g *Editions) importFile(ctx context.Context, name string, f importFlags) error {
	on, err := period.ParseDate(f.edition)
	if err != nil {
		return fault.New(fault.Invalid, "editions.edition.day", f.edition)
	}
	source, err := readNamed(name)
	if err != nil {
		return err
	}
	got, err := g.Import(ctx, Import{Source: source, File: filepath.Base(name),
		Scheme: territory.Scheme(f.scheme), On: on, DryRun: f.dryRun, Progress: g.progress()})
	if err != nil {
		return err
	}
	g.sayImported(got, f.dryRun)
	if f.report == "" {
		return nil
	}
	return g.writeReport(f.report, got.Findings)
}

func readNamed(name string) (Source, error) {
	file, err := os.Open(name)
	if err != nil {
		return Source{}, fault.New(fault.NotFound, "editions.file.open", name).Because(err)
	}
	defer file.Close()
	return ReadFile(file)
}

// progress shows each stage of an import as a bar of its own.
func (g *Editions) progress() func(stage string, done, total int64) {
	var stage string
	var bar func(int64)
	return func(now string, done, total int64) {
		if now != stage {
			stage, bar = now, g.host.Console.Progress(g.host.Console.T("editions.stage."+now), total)
		}
		bar(done)
	}
}

// shownFindings is how many findings of a kind a command prints; all of them go into the report.
const shownFindings = 3

func (g *Editions) sayImported(got Imported, dryRun bool) {
	c := g.host.Console
	switch {
	case got.Again:
		c.Say("editions.command.again", got.Edition.ID, string(got.Edition.Effective))
	case dryRun:
		c.Say("editions.command.tried", string(got.Edition.Effective))
	default:
		c.Say("editions.command.imported", got.Edition.ID, string(got.Edition.Effective),
			got.Edition.Encoding)
	}
	var rows [][]string
	for _, n := range countsOf(got.Counts) {
		rows = append(rows, []string{c.T("editions.counts." + n.key), decimal.Grouped(int64(n.count), 0)})
	}
	c.Table(nil, rows)
	g.sayFindings(territory.InWords(got.Findings))
	if got.Suggestions > 0 && !dryRun && !got.Again {
		c.Say("editions.command.suggested", got.Suggestions)
	}
}

// sayFindings prints how often each thing was odd, and the first few of each.
func (g *Editions) sayFindings(list []fault.Finding) {
	c := g.host.Console
	byKey := map[string][]fault.Finding{}
	var order []string
	for _, f := range list {
		if len(byKey[f.Key]) == 0 {
			order = append(order, f.Key)
		}
		byKey[f.Key] = append(byKey[f.Key], f)
	}
	for _, key := range order {
		some := byKey[key]
		c.Say("editions.command.findings", anomalyName(c.T, key), decimal.Grouped(int64(len(some)), 0))
		c.Findings(some[:min(len(some), shownFindings)])
	}
	if len(list) > 0 {
		c.Say("editions.command.all_findings", decimal.Grouped(int64(len(list)), 0))
	}
}

// writeReport writes every finding as CSV; "-" is the command's own output.
func (g *Editions) writeReport(name string, list []fault.Finding) error {
	out := io.Writer(g.host.Console.Out)
	if name != "-" {
		file, err := os.Create(name)
		if err != nil {
			return fault.New(fault.Unavailable, "editions.file.write", name).Because(err)
		}
		defer file.Close()
		out = file
	}
	c := g.host.Console
	w := csv.NewWriter(out)
	w.Write([]string{c.T("editions.anomalies.column.row"), c.T("editions.anomalies.column.column"),
		//nolint:errcheck // w.Error tells
		c.T("editions.anomalies.column.severity"), c.T("editions.anomalies.column.finding"),
		c.T("editions.anomalies.column.value")})
	for _, f := range territory.InWords(list) {
		w.Write([]string{strconv.Itoa(f.Row), f.Column, c.T("severity." + string(f.Severity)),
			//nolint:errcheck // w.Error tells
			c.T(f.Key, f.Args...), f.Value})
	}
	w.Flush()
	if err := w.Error(); err != nil {
		return fault.New(fault.Unavailable, "editions.file.write", name).Because(err)
	}
	return nil
}

func (g *Editions) suggestionsCommand() *cobra.Command {
	c, state := g.host.Console, ""
	cmd := &cobra.Command{Use: "suggestions", Short: c.T("editions.command.suggestions"),
		Args: cobra.NoArgs,
		RunE: g.host.Opened(func(ctx context.Context, _ []string) error {
			var rows [][]string
			q := SuggestionQuery{State: state, Limit: 500}
			for {
				list, _, err := g.Suggestions(ctx, q)
				if err != nil {
					return err
				}
				for _, p := range list {
					rows = append(rows, g.suggestionLine(p))
					q.After = p.ID
				}
				if len(list) < q.Limit {
					break
				}
			}
			c.Table([]string{c.T("editions.suggestions.column.number"),
				c.T("editions.suggestions.column.effective"),
				c.T("editions.suggestions.column.act"), c.T("editions.suggestions.column.from"),
				c.T("editions.suggestions.column.to"), c.T("editions.suggestions.column.where"),
				c.T("editions.suggestions.column.reason"), c.T("editions.suggestions.column.state")},
				rows)
			return nil
		})}
	cmd.Flags().StringVar(&state, "state", Waiting, c.T("editions.command.state"))
	return cmd
}

func (g *Editions) suggestionLine(p Proposed) []string {
	c := g.host.Console
	return []string{strconv.FormatInt(p.ID, 10), string(p.Effective), c.T("territory.act.kind." +
		string(p.Act)),
		p.fromNames(), p.toNames(), p.where(), c.T("editions.reason." + p.Reason),
		c.T("editions.suggestion.state." + p.State)}
}

func (g *Editions) confirmCommand() *cobra.Command {
	c, document := g.host.Console, ""
	cmd := &cobra.Command{Use: "confirm NUMBER…", Short: c.T("editions.command.confirm"),
		Args: cobra.MinimumNArgs(1), RunE: g.host.Opened(func(ctx context.Context, args []string) error {
			return g.decideArgs(ctx, args, Decision{Confirm: true, Document: document})
		})}
	cmd.Flags().StringVar(&document, "document", "", c.T("editions.document"))
	return cmd
}

func (g *Editions) rejectCommand() *cobra.Command {
	c, reason := g.host.Console, ""
	cmd := &cobra.Command{Use: "reject NUMBER…", Short: c.T("editions.command.reject"),
		Args: cobra.MinimumNArgs(1), RunE: g.host.Opened(func(ctx context.Context, args []string) error {
			return g.decideArgs(ctx, args, Decision{Remark: reason})
		})}
	cmd.Flags().StringVar(&reason, "reason", "", c.T("web.reason"))
	return cmd
}

func (g *Editions) decideArgs(ctx context.Context, args []string, d Decision) error {
	for _, text := range args {
		n, err := web.Number("number", text)
		if err != nil {
			return err
		}
		d.Suggestion = n
		event, err := g.Decide(ctx, d)
		if err != nil {
			return err
		}
		if d.Confirm {
			g.host.Console.Say("editions.command.confirmed", n, event)
		} else {
			g.host.Console.Say("editions.command.rejected", n)
		}
	}
	return nil
}
