package supervision

import (
	"context"
	"fmt"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// commands is terrace rule. It acts as the program itself.
func (m *Supervision) commands() []*cobra.Command {
	c := m.host.Console
	all := &cobra.Command{Use: "rule", Short: c.T("supervision.command")}
	var trial Trial
	var on string
	dry := &cobra.Command{Use: "dry-run KEY COUNTY", Short: c.T("supervision.command.try"),
		Args: cobra.ExactArgs(2),
		RunE: m.host.Opened(func(ctx context.Context, args []string) error {
			trial.On = period.Date(on)
			return m.tryCommand(ctx, args, trial)
		})}
	dry.Flags().IntVar(&trial.Version, "version", 0, c.T("supervision.command.version"))
	dry.Flags().StringVar(&trial.When, "when", "", c.T("supervision.command.when"))
	dry.Flags().StringVar(&on, "on", "", c.T("supervision.command.on"))
	all.AddCommand(
		&cobra.Command{Use: "list", Short: c.T("supervision.command.list"), Args: cobra.NoArgs,
			RunE: m.host.Opened(m.listCommand)},
		&cobra.Command{Use: "show KEY", Short: c.T("supervision.command.show"), Args: cobra.ExactArgs(1),
			RunE: m.host.Opened(m.showCommand)},
		&cobra.Command{Use: "run [COUNTY]", Short: c.T("supervision.command.run"),
			Args: cobra.MaximumNArgs(1),
			RunE: m.host.Opened(m.runCommand)},
		dry)
	return []*cobra.Command{all}
}

func (m *Supervision) listCommand(context.Context, []string) error {
	c := m.host.Console
	var lines [][]string
	for _, d := range m.library.All {
		version, colour := "–", "–"
		if v := d.InForce(m.host.Today()); v != nil {
			version, colour = strconv.Itoa(v.Number), c.T("supervision.colour."+string(v.Severity))
		}
		lines = append(lines, []string{d.Key, d.Title.In(c.Language),
			m.host.Subjects.Find(d.Subject).Title.In(c.Language),
			version, colour, c.T("mark." + string(d.Mark))})
	}
	c.Table([]string{c.T("supervision.rule"), c.T("supervision.title"), c.T("supervision.subject"),
		c.T("supervision.version"), c.T("supervision.colour"), c.T("supervision.mark")}, lines)
	return nil
}

func (m *Supervision) showCommand(_ context.Context, args []string) error {
	c := m.host.Console
	d := m.library.Find(args[0])
	if d == nil {
		return fault.New(fault.NotFound, "supervision.no_rule", args[0])
	}
	fmt.Fprintf(c.Out, "%s %s\n%s (%s)\n%s:%d\n", d.Key, d.Title.In(c.Language), d.Basis,
		c.T("mark."+string(d.Mark)),
		d.File, d.Line)
	for _, v := range d.Versions {
		fmt.Fprintf(c.Out, "\n%s %d  %s – %s  %s\n  %s\n  %s\n", c.T("supervision.version"), v.Number,
			v.From, v.Until,
			c.T("supervision.colour."+string(v.Severity)), v.When, v.Explain.In(c.Language))
		for _, key := range v.Keys() {
			value, err := m.host.Packs.Value(key, m.host.Today(), m.host.Packs.City())
			if err != nil {
				return err
			}
			fmt.Fprintf(c.Out, "  %s = %s %s (%s)\n", key, value.Value, value.Unit.In(c.Language),
				value.Basis)
		}
	}
	return nil
}

func (m *Supervision) runCommand(ctx context.Context, args []string) error {
	c := m.host.Console
	homes, err := m.homes(ctx)
	if err != nil {
		return err
	}
	if len(args) == 1 {
		home, err := m.places.Find(ctx, args[0])
		if err != nil {
			return err
		}
		homes = []int64{home}
	}
	var total Tally
	tell := c.Progress(c.T("supervision.command.running"), int64(len(homes)))
	for i, home := range homes {
		t, err := m.RunCounty(ctx, home)
		if err != nil {
			return err
		}
		total = total.plus(t)
		tell(int64(i + 1))
	}
	c.Say("supervision.command.ran", total.Hits, total.Raised, total.Reopened, total.Gone, total.Failed)
	return nil
}

func (m *Supervision) tryCommand(ctx context.Context, args []string, t Trial) error {
	c := m.host.Console
	home, err := m.places.Find(ctx, args[1])
	if err != nil {
		return err
	}
	t.Rule, t.Home = args[0], home
	if t.On == "" {
		t.On = m.host.Today()
	}
	f, err := m.Try(ctx, t)
	if err != nil {
		return err
	}
	c.Say("supervision.command.tried", f.NowIs, f.Now, f.Then, f.Both, f.Failed)
	m.samples("+", f.Added)
	m.samples("-", f.Dropped)
	return nil
}

func (m *Supervision) samples(sign string, list []Sample) {
	c := m.host.Console
	for _, s := range list {
		fmt.Fprintf(c.Out, "%s %s %s %s\n", sign, m.places.Name(s.Place), s.Key, s.Text.In(c.Language))
	}
}
