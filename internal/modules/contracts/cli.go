package contracts

import (
	"context"
	"os"

	"github.com/spf13/cobra"

	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/intake"
	"github.com/terrace-project/terrace/internal/platform/sheet"
	"github.com/terrace-project/terrace/internal/pure/fault"
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
	contract.AddCommand(raise, s.importCommand())
	return []*cobra.Command{contract}
}

func (s *Contracts) importCommand() *cobra.Command {
	organisation, explanation, only := "", "", false
	c := s.host.Console
	cmd := &cobra.Command{Use: "import FILE", Short: c.T("contracts.command.import"),
		Args: cobra.ExactArgs(1),
		RunE: s.host.Opened(func(ctx context.Context, args []string) error {
			o, err := s.organisation(ctx, access.Machine, organisation)
			if err != nil {
				return err
			}
			in, err := s.stageFile(ctx, args[0], o)
			if err != nil || only {
				return err
			}
			told := c.Progress(c.T("contracts.command.import"), in.Rows)
			in, err = s.host.Intake.Apply(ctx, intake.Order{Actor: access.Machine, Home: in.Home, ID: in.ID,
				Explanation: explanation, Progress: func(done, _ int64) error {
					told(done)
					return ctx.Err()
				}})
			if err == nil {
				c.Say("contracts.command.applied", in.Applied, in.Repeated, in.Failed)
			}
			return err
		})}
	cmd.Flags().StringVar(&organisation, "organisation", "", c.T("contracts.command.organisation"))
	cmd.Flags().StringVar(&explanation, "explanation", "", c.T("contracts.command.explanation"))
	cmd.Flags().BoolVar(&only, "check", false, c.T("contracts.command.check"))
	if err := cmd.MarkFlagRequired("organisation"); err != nil {
		panic(err) // the flag stands above
	}
	return cmd
}

// stageFile takes a file in and says everything that is wrong with it. Nothing of the contracts changes.
func (s *Contracts) stageFile(ctx context.Context, name string, o registry.Organisation) (in intake.Intake,
	err error) {
	file, err := os.Open(name)
	if err != nil {
		return in, fault.New(fault.NotFound, "contracts.file_unreadable", name).Because(err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return in, err
	}
	in, _, err = s.host.Intake.Stage(ctx, intake.Request{Actor: access.Machine, Kind: intakeKind,
		Home: o.Home, Subject: aboutOrganisation(o), Place: o.Place,
		Upload: sheet.Upload{Name: info.Name(), Content: file, Size: info.Size()}})
	if err != nil {
		return in, err
	}
	if in.State == intake.Staged || in.State == intake.Checked {
		if in, err = s.host.Intake.Check(ctx, access.Machine, in.Home, in.ID); err != nil {
			return in, err
		}
	}
	var list []fault.Finding
	for f, err := range s.host.Intake.All(ctx, access.Machine, in, intake.Filter{}) {
		if err != nil {
			return in, err
		}
		list = append(list, f)
	}
	s.host.Console.Findings(list)
	s.host.Console.Say("contracts.command.staged", in.Rows, in.Errors, in.Warnings)
	return in, nil
}
