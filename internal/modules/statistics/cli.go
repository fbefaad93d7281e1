package statistics

import (
	"context"
	"os"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/decimal"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

func (s *Statistics) commands() []*cobra.Command {
	c := s.host.Console
	root := &cobra.Command{Use: "statistics", Short: c.T("statistics.command")}
	var o Order
	take := &cobra.Command{Use: "import FILE", Short: c.T("statistics.command.import"),
		Args: cobra.ExactArgs(1)}
	take.RunE = s.host.Opened(func(ctx context.Context, args []string) error {
		return s.importCommand(ctx, o, args[0])
	})
	take.Flags().StringVar(&o.Mapping, "mapping", "", c.T("statistics.command.mapping"))
	take.Flags().StringVar(&o.Reason, "reason", "", c.T("statistics.command.reason"))
	take.Flags().BoolVar(&o.Trial, "trial", false, c.T("statistics.command.trial"))
	root.AddCommand(take,
		&cobra.Command{Use: "list", Short: c.T("statistics.command.list"), Args: cobra.NoArgs,
			RunE: s.host.Opened(s.listCommand)},
		&cobra.Command{Use: "show SERIES", Short: c.T("statistics.command.show"), Args: cobra.ExactArgs(1),
			RunE: s.host.Opened(s.showCommand)})
	return []*cobra.Command{root}
}

func (s *Statistics) importCommand(ctx context.Context, o Order, name string) error {
	file, err := os.Open(name)
	if err != nil {
		return fault.New(fault.NotFound, "statistics.file_unreadable", name).Because(err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	o.File = uploadOf(info.Name(), file, info.Size())
	out, err := s.Import(ctx, access.From(ctx), o)
	if err != nil {
		return err
	}
	s.host.Console.Findings(out.Findings)
	said := "statistics.imported"
	if o.Trial {
		said = "statistics.tried"
	}
	s.host.Console.Say(said, out.Rows, out.Import.Added, out.Import.Revised, out.Same, out.Outside,
		len(out.Findings))
	if fault.Stops(out.Findings) {
		return fault.New(fault.Invalid, "statistics.not_all_taken", len(out.Findings))
	}
	return nil
}

func (s *Statistics) listCommand(ctx context.Context, _ []string) error {
	c := s.host.Console
	all, err := s.held(ctx, c.Language, web.Query{})
	if err != nil {
		return err
	}
	var lines [][]string
	for _, h := range all {
		years := c.T("statistics.not_held")
		if h.first > 0 {
			years = strconv.Itoa(h.first) + "–" + strconv.Itoa(h.last)
		}
		lines = append(lines, []string{h.Key, h.Title.In(c.Language), h.Unit.In(c.Language), years,
			strconv.Itoa(h.places), yearsOf(s.Book().Breaks(h.Key, ""))})
	}
	c.Table([]string{c.T("statistics.index.column.key"), c.T("statistics.index.column.title"),
		c.T("statistics.index.column.unit"), c.T("statistics.index.column.years"),
		c.T("statistics.index.column.places"), c.T("statistics.index.column.breaks")}, lines)
	return nil
}

func (s *Statistics) showCommand(ctx context.Context, args []string) error {
	d, err := s.Definition(args[0])
	if err != nil {
		return err
	}
	c, lines := s.host.Console, [][]string{}
	err = s.host.Store.View(ctx, func(v *store.View) error {
		t, err := s.Read(v, Ask{Series: []string{d.Key}})
		if err != nil {
			return err
		}
		places := t.Places(d.Key)
		var names map[int64]string
		if names, t.codes, err = s.Named(ctx, places); err != nil {
			return err
		}
		first, last := t.Years(d.Key)
		for _, place := range places {
			for year := first; year <= last && year > 0; year++ {
				if value := t.Value(d.Key, place, year); value.Known {
					lines = append(lines, []string{t.codes[place], names[place], strconv.Itoa(year),
						decimal.Grouped(value.Amount, d.Decimals)})
				}
			}
		}
		return nil
	})
	c.Table([]string{c.T("statistics.series.column.code"), c.T("statistics.series.column.place"),
		c.T("statistics.series.column.year"), d.Title.In(c.Language) + " (" + d.Unit.In(c.Language) + ")"},
		lines)
	for _, b := range s.Book().Breaks(d.Key, "") {
		c.Say("statistics.break_of", b.From, b.Title)
	}
	return err
}
