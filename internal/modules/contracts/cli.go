package contracts

import (
	"context"

	"github.com/spf13/cobra"
)

// commands are terrace contract. They act as the program itself: whoever may run them has the server in
// their hands.
func (s *Contracts) commands() []*cobra.Command {
	c := s.host.Console
	contract := &cobra.Command{Use: "contract", Short: c.T("contracts.command")}
	raise := &cobra.Command{Use: "raise", Short: c.T("contracts.command.raise"), Args: cobra.NoArgs,
		RunE: s.host.Opened(func(ctx context.Context, _ []string) error {
			homes, err := s.homes(ctx)
			if err != nil {
				return err
			}
			all := 0
			for _, home := range homes {
				done := 0
				if err := s.Raise(ctx, home, func(n int) { done = n }); err != nil {
					return err
				}
				all += done
			}
			c.Say("contracts.command.raised", all)
			return nil
		})}
	contract.AddCommand(raise, s.files.ImportCommand(), s.files.TemplateCommand())
	return []*cobra.Command{contract}
}
