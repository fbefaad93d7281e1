package returns

import (
	"context"
	"os"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/terrace-project/terrace/internal/modules/reporting"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// commands are terrace report and terrace measure. They act as the program itself: what a person answers
// for – figures, approval, acceptance, emergencies – has no command.
func (m *Returns) commands() []*cobra.Command {
	c := m.host.Console
	report := &cobra.Command{Use: "report", Short: c.T("returns.command")}
	report.AddCommand(
		&cobra.Command{Use: "forms", Short: c.T("returns.command.forms"), Args: cobra.NoArgs,
			RunE: m.host.Opened(m.formsCommand)},
		&cobra.Command{Use: "open COUNTY FORM PERIOD", Short: c.T("returns.command.open"),
			Args: cobra.ExactArgs(3),
			RunE: m.host.Opened(m.openCommand)},
		&cobra.Command{Use: "board PLACE FORM PERIOD", Short: c.T("returns.command.board"),
			Args: cobra.ExactArgs(3),
			RunE: m.host.Opened(m.boardCommand)},
		&cobra.Command{Use: "publish", Short: c.T("returns.command.publish"),
			Long: c.T("returns.command.publish.long"), Args: cobra.NoArgs,
			RunE: m.host.Opened(m.publishCommand)})
	figures := &cobra.Command{Use: "measure", Short: c.T("returns.command.measure")}
	var format, out, to string
	var measures []string
	export := &cobra.Command{Use: "export PLACE PERIOD", Short: c.T("returns.command.export"),
		Args: cobra.ExactArgs(2)}
	export.RunE = func(cmd *cobra.Command, args []string) error {
		return m.host.Opened(func(ctx context.Context, args []string) error {
			return m.exportCommand(ctx, args, exporting{format, out, to, measures})
		})(cmd, args)
	}
	export.Flags().StringVar(&format, "format", "csv", c.T("returns.command.format"))
	export.Flags().StringVar(&out, "out", "", c.T("returns.command.out"))
	export.Flags().StringVar(&to, "to", "", c.T("returns.command.to"))
	export.Flags().StringSliceVar(&measures, "measure", nil, c.T("returns.command.which"))
	figures.AddCommand(export)
	return []*cobra.Command{report, figures}
}

func (m *Returns) formsCommand(ctx context.Context, _ []string) error {
	c := m.host.Console
	all, err := store.Read(ctx, m.host.Store, m.reportingForms)
	if err != nil {
		return err
	}
	var lines [][]string
	for _, f := range all {
		b := m.reporting.BurdenOf(f)
		lines = append(lines, []string{f.Key, f.Title.Chinese, f.Title.English, c.T("returns.every." +
			f.Every),
			strconv.Itoa(b.Cells), ratioText(b), strconv.Itoa(b.Minutes()), string(f.Sunset)})
	}
	c.Table([]string{c.T("returns.key"), c.T("returns.form.zh"), c.T("returns.form.en"),
		c.T("returns.every"),
		c.T("returns.cells"), c.T("returns.asked"), c.T("returns.minutes"), c.T("returns.sunset")}, lines)
	return nil
}

func (m *Returns) openCommand(ctx context.Context, args []string) error {
	county, err := m.places.Find(ctx, args[0])
	if err != nil {
		return err
	}
	round, err := m.reporting.Begin(ctx, access.Machine, reporting.Order{County: county, Form: args[1],
		Period: args[2]})
	if err != nil {
		return err
	}
	if err := m.host.Jobs.Drain(ctx); err != nil {
		return err
	}
	round, err = store.Read(ctx, m.host.Store, func(v *store.View) (reporting.Round, error) {
		return reporting.RoundOf(v, reporting.Ref{Home: round.Home, ID: round.ID})
	})
	if err == nil {
		m.host.Console.Say("returns.command.opened", round.Units, round.Held)
	}
	return err
}

// publishCommand publishes what is lacking of accepted counties.
func (m *Returns) publishCommand(ctx context.Context, _ []string) error {
	counties, err := m.reporting.PublishAccepted(ctx)
	if err == nil {
		err = m.host.Jobs.Drain(ctx)
	}
	if err == nil {
		m.host.Console.Say("returns.command.published", counties)
	}
	return err
}

func (m *Returns) boardCommand(ctx context.Context, args []string) error {
	place, err := m.places.Find(ctx, args[0])
	if err != nil {
		return err
	}
	c := m.host.Console
	return m.host.Store.View(ctx, func(v *store.View) error {
		f, err := m.reporting.Form(v, args[1])
		if err != nil {
			return err
		}
		whole, parts, err := m.reporting.ProgressOf(v, f, args[2], place)
		if err != nil {
			return err
		}
		var lines [][]string
		for _, p := range append(parts, whole) {
			lines = append(lines, []string{m.places.Name(p.Place), strconv.FormatInt(p.Of, 10),
				strconv.FormatInt(p.Complete(), 10) + " %", strconv.FormatInt(p.Timely(), 10) + " %",
				strconv.FormatInt(p.Late+p.Missing, 10)})
		}
		c.Table([]string{c.T("returns.place"), c.T("returns.of"), c.T("returns.complete"),
			c.T("returns.timely"),
			c.T("returns.late")}, lines)
		return nil
	})
}

// exporting is how figures are written.
type exporting struct {
	format, out, to string
	measures        []string
}

func (m *Returns) exportCommand(ctx context.Context, args []string, e exporting) error {
	if e.format = strings.ToLower(e.format); e.format != "csv" && e.format != "json" {
		return fault.New(fault.Invalid, "returns.format", e.format)
	}
	place, err := m.places.Find(ctx, args[0])
	if err != nil {
		return err
	}
	q := sdmxQuery{Measures: e.measures, Place: place}
	if q.Periods, err = sdmxPeriods(args[1], e.to); err != nil {
		return err
	}
	all, err := m.observations(ctx, q)
	if err != nil {
		return err
	}
	if e.out == "" {
		_, err = m.write(m.host.Console.Out, e.format, all)
		return err
	}
	file, err := os.Create(e.out)
	if err != nil {
		return fault.New(fault.Invalid, "returns.out", e.out).Because(err)
	}
	n, err := m.write(file, e.format, all)
	if closing := file.Close(); err == nil {
		err = closing
	}
	if err == nil {
		m.host.Console.Say("returns.command.exported", n, e.out)
	}
	return err
}
