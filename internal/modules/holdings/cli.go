package holdings

import "github.com/spf13/cobra"

// commands are terrace asset. They act as the program itself: whoever may run them has the server in
// their hands.
func (s *Holdings) commands() []*cobra.Command {
	asset := &cobra.Command{Use: "asset", Short: s.host.Console.T("assets.command")}
	asset.AddCommand(s.files.ImportCommand(), s.files.TemplateCommand())
	return []*cobra.Command{asset}
}
