package holdings

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

// commands are terrace asset. They act as the program itself: whoever may run them has the server in
// their hands.
func (s *Holdings) commands() []*cobra.Command {
	asset := &cobra.Command{Use: "asset", Short: s.host.Console.T("assets.command")}
	asset.AddCommand(s.importCommand(), s.templateCommand())
	return []*cobra.Command{asset}
}

func (s *Holdings) importCommand() *cobra.Command {
	organisation, explanation, only := "", "", false
	c := s.host.Console
	cmd := &cobra.Command{Use: "import FILE", Short: c.T("assets.command.import"), Args: cobra.ExactArgs(1),
		RunE: s.host.Opened(func(ctx context.Context, args []string) error {
			o, err := s.organisation(ctx, access.Machine, organisation)
			if err != nil {
				return err
			}
			in, err := s.stageFile(ctx, args[0], o)
			if err != nil || only {
				return err
			}
			return s.applyFile(ctx, in, explanation)
		})}
	cmd.Flags().StringVar(&organisation, "organisation", "", c.T("assets.command.organisation"))
	cmd.Flags().StringVar(&explanation, "explanation", "", c.T("assets.command.explanation"))
	cmd.Flags().BoolVar(&only, "check", false, c.T("assets.command.check"))
	if err := cmd.MarkFlagRequired("organisation"); err != nil {
		panic(err) // the flag stands above
	}
	return cmd
}

// stageFile takes a file in and says everything that is wrong with it. Nothing of the books changes.
func (s *Holdings) stageFile(ctx context.Context, name string, o registry.Organisation) (in intake.Intake,
	err error) {
	file, err := os.Open(name)
	if err != nil {
		return in, fault.New(fault.NotFound, "assets.file_unreadable", name).Because(err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return in, err
	}
	in, _, err = s.host.Intake.Stage(ctx, intake.Request{Actor: access.Machine, Kind: intakeKind,
		Home:    o.Home,
		Subject: aboutOrganisation(o), Place: o.Place,
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
	s.host.Console.Say("assets.command.staged", in.Rows, in.Errors, in.Warnings)
	return in, nil
}

// applyFile makes the rows take effect, with a bar. Stopped, it goes on where it stopped.
func (s *Holdings) applyFile(ctx context.Context, in intake.Intake, explanation string) error {
	told := s.host.Console.Progress(s.host.Console.T("assets.command.import"), in.Rows)
	in, err := s.host.Intake.Apply(ctx, intake.Order{Actor: access.Machine, Home: in.Home, ID: in.ID,
		Explanation: explanation, Progress: func(done, _ int64) error {
			told(done)
			return ctx.Err()
		}})
	if err != nil {
		return err
	}
	s.host.Console.Say("assets.command.applied", in.Applied, in.Repeated, in.Failed)
	return nil
}

func (s *Holdings) templateCommand() *cobra.Command {
	organisation := ""
	c := s.host.Console
	cmd := &cobra.Command{Use: "template FILE", Short: c.T("assets.command.template"),
		Args: cobra.ExactArgs(1),
		RunE: s.host.Opened(func(ctx context.Context, args []string) error {
			o, err := s.organisation(ctx, access.Machine, organisation)
			if err != nil {
				return err
			}
			file, err := os.OpenFile(args[0], os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
			if err != nil {
				return fault.New(fault.Conflict, "assets.file_there", args[0]).Because(err)
			}
			if _, err := s.book(c.Language, o).WriteXLSX(file); err != nil {
				file.Close() //nolint:errcheck // the first error counts
				return err
			}
			return file.Close()
		})}
	cmd.Flags().StringVar(&organisation, "organisation", "", c.T("assets.command.organisation"))
	if err := cmd.MarkFlagRequired("organisation"); err != nil {
		panic(err) // the flag stands above
	}
	return cmd
}
