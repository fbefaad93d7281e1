package commitments

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/terrace-project/terrace/internal/modules/commitments/record"
)

// commands are terrace loan, lending, guarantee and transfer. They act as the program itself: whoever
// may run them has the server in their hands.
func (s *Commitments) commands() []*cobra.Command {
	c := s.host.Console
	var all []*cobra.Command
	for _, kind := range record.Kinds {
		cmd := &cobra.Command{Use: string(kind), Short: c.T(formOf(kind) + ".command")}
		cmd.AddCommand(s.files[kind].ImportCommand(), s.files[kind].TemplateCommand())
		all = append(all, cmd)
	}
	transfer := &cobra.Command{Use: "transfer", Short: c.T(transferForm + ".command")}
	match := &cobra.Command{Use: "match", Short: c.T("commitments.command.match"), Args: cobra.NoArgs,
		RunE: s.host.Opened(func(ctx context.Context, _ []string) error {
			homes, err := s.homes(ctx)
			if err != nil {
				return err
			}
			all := 0
			for _, home := range homes {
				n, err := s.MatchAll(ctx, home)
				if err != nil {
					return err
				}
				all += n
			}
			c.Say("commitments.command.matched", all)
			return s.RollUp(ctx)
		})}
	transfer.AddCommand(s.announce.ImportCommand(), s.announce.TemplateCommand(), match)
	return append(all, transfer)
}
