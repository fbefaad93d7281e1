package intakepage

import (
	"context"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/intake"
	"github.com/terrace-project/terrace/internal/platform/sheet"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// ImportCommand takes a file in, says everything that is wrong with it, and lets it take effect. Texts
// are TEXTS.command.import, TEXTS.command.FLAG and, where there are several ways, TEXTS.command.kind.
func (f *Files) ImportCommand() *cobra.Command {
	of, way, explanation, only := "", "", "", false
	c := f.Host.Console
	title := c.T(f.Texts + ".command.import")
	cmd := &cobra.Command{Use: "import FILE", Short: title, Args: cobra.ExactArgs(1),
		RunE: f.Host.Opened(func(ctx context.Context, args []string) error {
			about, err := f.Named(ctx, of)
			if err != nil {
				return err
			}
			in, err := f.sendFile(ctx, Sending{Actor: access.Machine, About: about, Way: way}, args[0])
			if err != nil || only {
				return err
			}
			told := c.Progress(title, in.Rows)
			in, err = f.Host.Intake.Apply(ctx, intake.Order{Actor: access.Machine, Home: in.Home, ID: in.ID,
				Explanation: explanation, Progress: func(done, _ int64) error {
					told(done)
					return ctx.Err()
				}})
			if err == nil {
				c.Say("intake.command.applied", in.Applied, in.Repeated, in.Failed)
			}
			return err
		})}
	if len(f.Ways) > 0 {
		cmd.Flags().StringVar(&way, "kind", f.Ways[0], c.T(f.Texts+".command.kind"))
	}
	cmd.Flags().StringVar(&explanation, "explanation", "", c.T("intake.command.explanation"))
	cmd.Flags().BoolVar(&only, "check", false, c.T("intake.command.check"))
	return f.Flagged(cmd, &of)
}

// Flagged adds the flag that names whose file it is.
func (f *Files) Flagged(cmd *cobra.Command, into *string) *cobra.Command {
	cmd.Flags().StringVar(into, f.Flag, "", f.Host.Console.T(f.Texts+".command."+f.Flag))
	if err := cmd.MarkFlagRequired(f.Flag); err != nil {
		panic(err) // the flag stands above
	}
	return cmd
}

// sendFile takes a file of this machine in and says everything that is wrong with it.
func (f *Files) sendFile(ctx context.Context, s Sending, name string) (in intake.Intake, err error) {
	file, err := os.Open(name)
	if err != nil {
		return in, fault.New(fault.NotFound, "intake.file_unreadable", name).Because(err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return in, err
	}
	s.Upload = sheet.Upload{Name: info.Name(), Content: file, Size: info.Size()}
	in, again, err := f.Send(ctx, s)
	if err != nil {
		return in, err
	}
	if again {
		f.Host.Console.Say("intake.command.again", in.Created)
	}
	var list []fault.Finding
	for found, err := range f.Host.Intake.All(ctx, s.Actor, in, intake.Filter{}) {
		if err != nil {
			return in, err
		}
		list = append(list, found)
	}
	f.Host.Console.Findings(list)
	f.Host.Console.Say("intake.command.staged", in.Rows, in.Errors, in.Warnings)
	return in, nil
}

// TemplateCommand writes the file to fill in. Its text is TEXTS.command.template.
func (f *Files) TemplateCommand() *cobra.Command {
	of := ""
	c := f.Host.Console
	return f.Flagged(&cobra.Command{Use: "template FILE", Short: c.T(f.Texts + ".command.template"),
		Args: cobra.ExactArgs(1),
		RunE: f.Host.Opened(func(ctx context.Context, args []string) error {
			about, err := f.Named(ctx, of)
			if err != nil {
				return err
			}
			return f.WriteTemplate(ctx, about, f.way(""), args[0])
		})}, &of)
}

// WriteTemplate writes the file to fill in, as CSV if its name ends so, in the language of the console.
func (f *Files) WriteTemplate(ctx context.Context, about Subject, way, name string) error {
	book, err := store.Read(ctx, f.Host.Store, func(v *store.View) (Workbook, error) {
		return f.Template(v, f.Host.Console.Language, about, way)
	})
	if err != nil {
		return err
	}
	write := book.WriteXLSX
	if strings.HasSuffix(name, ".csv") {
		write = book.WriteCSV
	}
	return WriteNew(name, func(w io.Writer) error {
		_, err := write(w)
		return err
	})
}

// WriteNew writes a file that was not there. What could not be written whole is taken away.
func WriteNew(name string, write func(io.Writer) error) error {
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fault.New(fault.Conflict, "intake.file_there", name).Because(err)
	}
	err = write(file)
	if closed := file.Close(); err == nil {
		err = closed
	}
	if err != nil {
		os.Remove(name) //nolint:errcheck // the first error counts
	}
	return err
}
