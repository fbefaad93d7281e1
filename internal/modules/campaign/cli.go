package campaign

import (
	"context"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// commands is terrace campaign. It acts as the program itself: whoever may run it has the server in
// their hands anyway. What a person answers for – sample, approval, acceptance – has no command.
func (m *Campaigns) commands() []*cobra.Command {
	c := m.host.Console
	all := &cobra.Command{Use: "campaign", Short: c.T("campaign.command")}
	all.AddCommand(
		&cobra.Command{Use: "list", Short: c.T("campaign.command.list"), Args: cobra.NoArgs,
			RunE: m.host.Opened(m.listCommand)},
		&cobra.Command{Use: "open COUNTY YEAR", Short: c.T("campaign.command.open"),
			Args: cobra.ExactArgs(2),
			RunE: m.host.Opened(m.openCommand)},
		&cobra.Command{Use: "figures COUNTY YEAR", Short: c.T("campaign.command.figures"),
			Args: cobra.ExactArgs(2),
			RunE: m.host.Opened(m.figuresCommand)})
	return []*cobra.Command{all}
}

func (m *Campaigns) listCommand(ctx context.Context, _ []string) error {
	c := m.host.Console
	return m.host.Store.View(ctx, func(v *store.View) error {
		all, err := campaigns.All(v, "ORDER BY year DESC, home")
		if err != nil {
			return err
		}
		var lines [][]string
		for _, one := range all {
			whole, _, err := m.inventory.ProgressOf(v, one.Place, one.Year)
			if err != nil {
				return err
			}
			lines = append(lines, []string{m.places.Name(one.Place), strconv.Itoa(one.Year),
				string(one.Reference),
				c.T("campaign.state." + string(one.State)), strconv.FormatInt(whole.Approved(), 10),
				strconv.FormatInt(whole.Of, 10), strconv.FormatInt(whole.Late, 10)})
		}
		c.Table([]string{c.T("campaign.place"), c.T("campaign.year_label"), c.T("campaign.reference"),
			c.T("campaign.state"), c.T("campaign.approved_column"), c.T("campaign.of"),
			c.T("campaign.late_column")}, lines)
		return nil
	})
}

// named reads county and year as a command is given them.
func (m *Campaigns) named(ctx context.Context, args []string) (county int64, year int, err error) {
	if county, err = m.places.Find(ctx, args[0]); err != nil {
		return 0, 0, err
	}
	if year, err = strconv.Atoi(args[1]); err != nil {
		err = fault.New(fault.Invalid, "web.number", m.host.Console.T("campaign.year_label"))
	}
	return county, year, err
}

func (m *Campaigns) openCommand(ctx context.Context, args []string) error {
	county, year, err := m.named(ctx, args)
	if err != nil {
		return err
	}
	_, err = store.Read(ctx, m.host.Store, func(v *store.View) (Campaign, error) {
		return Get(v, county,
			year)
	})
	if fault.Is(err, fault.NotFound) {
		_, err = m.Begin(ctx, access.Machine, county, year, "")
	}
	if err != nil {
		return err
	}
	lacking, err := store.Read(ctx, m.host.Store, func(v *store.View) (int64, error) {
		return missing(v,
			county, year)
	})
	if err != nil {
		return err
	}
	tell := m.host.Console.Progress(m.host.Console.T("campaign.command.opening"), lacking)
	n, err := m.OpenChecks(ctx, access.Machine, county, year, func(opened int) { tell(int64(opened)) })
	if err == nil {
		m.host.Console.Say("campaign.command.opened", n)
	}
	return err
}

func (m *Campaigns) figuresCommand(ctx context.Context, args []string) error {
	county, year, err := m.named(ctx, args)
	if err != nil {
		return err
	}
	return m.Publish(ctx, county, year)
}
