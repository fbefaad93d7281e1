package gazetteer

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/terrace-project/terrace/internal/modules/editions"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// commands are terrace place … They act as the program itself: whoever may run them has the server
// in their hands anyway.
func (g *Gazetteer) commands() []*cobra.Command {
	place := &cobra.Command{Use: "place", Short: g.host.Console.T("gazetteer.command.place")}
	place.AddCommand(g.showCommand(), g.treeCommand(), g.diffCommand(), g.eventCommand(), g.packCommand())
	place.AddCommand(editions.New(g.host, g.places).Commands()...)
	return []*cobra.Command{place}
}

// dayFlag reads a day given with a flag; "" is today.
func (g *Gazetteer) dayFlag(text string) (period.Date, error) {
	if text == "" {
		return g.host.Today(), nil
	}
	on, err := period.ParseDate(text)
	if err != nil {
		return "", fault.New(fault.Invalid, "web.date", text)
	}
	return on, nil
}

// packCommand applies the places of the installation's pack and of those it builds on.
func (g *Gazetteer) packCommand() *cobra.Command {
	c := g.host.Console
	return &cobra.Command{Use: "pack", Short: c.T("gazetteer.command.pack"), Args: cobra.NoArgs,
		RunE: g.host.Opened(func(ctx context.Context, _ []string) error {
			applied, err := g.ApplyInstalled(ctx)
			if err != nil {
				return err
			}
			c.Say("gazetteer.command.applied", applied.Places, applied.Acts, applied.Areas)
			for _, key := range applied.Skipped {
				c.Say("gazetteer.command.skipped", key)
			}
			return nil
		})}
}
