package bookfiles

import (
	"context"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/terrace-project/terrace/internal/modules/bookfiles/plaintext"
	"github.com/terrace-project/terrace/internal/modules/ledger"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/intake"
	"github.com/terrace-project/terrace/internal/platform/sheet"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// commands are terrace ledger. They act as the program itself: whoever may run them has the server
// in
// their hands.
func (s *Bookfiles) commands() []*cobra.Command {
	group := &cobra.Command{Use: "ledger", Short: s.host.Console.T("bookfiles.command")}
	group.AddCommand(s.exportCommand(), s.importCommand(), s.templateCommand())
	return []*cobra.Command{group}
}

// bookFlag adds the flag that names a book.
func (s *Bookfiles) bookFlag(cmd *cobra.Command, into *string) *cobra.Command {
	cmd.Flags().StringVar(into, "book", "", s.host.Console.T("bookfiles.command.book"))
	if err := cmd.MarkFlagRequired("book"); err != nil {
		panic(err) // the flag stands above
	}
	return cmd
}

// named reads the book that a flag names: HOME/NUMBER.
func (s *Bookfiles) named(ctx context.Context, text string) (b ledger.Book, err error) {
	ref, ok := ledger.ParseRef(text)
	if !ok {
		return b, fault.New(fault.Invalid, "bookfiles.no_ref", text)
	}
	err = s.host.Store.View(ctx, func(v *store.View) error {
		b, err = ledger.Get(v, ref)
		return err
	})
	return b, err
}

func (s *Bookfiles) exportCommand() *cobra.Command {
	c := s.host.Console
	of, format, output, year := "", "", "", 0
	cmd := &cobra.Command{Use: "export", Short: c.T("bookfiles.command.export"), Args: cobra.NoArgs,
		RunE: s.host.Opened(func(ctx context.Context, _ []string) error {
			b, err := s.named(ctx, of)
			if err != nil {
				return err
			}
			e := Export{b.Ref(), year, plaintext.Format(format), c.Language}
			if output == "" {
				return s.WriteJournal(ctx, access.Machine, e, c.Out)
			}
			return fresh(output, func(w io.Writer) error {
				return s.WriteJournal(ctx, access.Machine, e,
					w)
			})
		})}
	cmd.Flags().StringVar(&format, "format", string(plaintext.Hledger), c.T("bookfiles.command.format"))
	cmd.Flags().IntVar(&year, "year", 0, c.T("bookfiles.command.year"))
	cmd.Flags().StringVar(&output, "output", "", c.T("bookfiles.command.output"))
	return s.bookFlag(cmd, &of)
}

// fresh writes a file that was not there. What could not be written whole is taken away.
func fresh(name string, write func(io.Writer) error) error {
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fault.New(fault.Conflict, "bookfiles.file_there", name).Because(err)
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

func (s *Bookfiles) templateCommand() *cobra.Command {
	c := s.host.Console
	of, opening := "", false
	cmd := &cobra.Command{Use: "template FILE", Short: c.T("bookfiles.command.template"),
		Args: cobra.ExactArgs(1),
		RunE: s.host.Opened(func(ctx context.Context, args []string) error {
			b, err := s.named(ctx, of)
			if err != nil {
				return err
			}
			t, err := store.Read(ctx, s.host.Store, func(v *store.View) (blank, error) {
				return s.template(v, c.Language, b, opening)
			})
			if err != nil {
				return err
			}
			write := t.WriteXLSX
			if strings.HasSuffix(args[0], ".csv") {
				write = t.WriteCSV
			}
			return fresh(args[0], func(w io.Writer) error {
				_, err := write(w)
				return err
			})
		})}
	cmd.Flags().BoolVar(&opening, "opening", false, c.T("bookfiles.command.opening"))
	return s.bookFlag(cmd, &of)
}

func (s *Bookfiles) importCommand() *cobra.Command {
	c := s.host.Console
	of, kind, explanation, only := "", "", "", false
	cmd := &cobra.Command{Use: "import FILE", Short: c.T("bookfiles.command.import"),
		Args: cobra.ExactArgs(1),
		RunE: s.host.Opened(func(ctx context.Context, args []string) error {
			f, err := wayOf(kind)
			if err != nil {
				return err
			}
			if f.book, err = s.named(ctx, of); err != nil {
				return err
			}
			f.actor = access.Machine
			in, err := s.sendFile(ctx, f, args[0])
			if err != nil || only {
				return err
			}
			told := c.Progress(c.T("bookfiles.command.import"), in.Rows)
			in, err = s.apply(ctx, intake.Order{Actor: access.Machine, Home: in.Home, ID: in.ID,
				Explanation: explanation, Progress: func(done, _ int64) error {
					told(done)
					return ctx.Err()
				}})
			if err != nil {
				return err
			}
			c.Say("bookfiles.command.applied", in.Applied, in.Repeated, in.Failed)
			return nil
		})}
	cmd.Flags().StringVar(&kind, "kind", "vouchers", c.T("bookfiles.command.kind"))
	cmd.Flags().StringVar(&explanation, "explanation", "", c.T("bookfiles.command.explanation"))
	cmd.Flags().BoolVar(&only, "check", false, c.T("bookfiles.command.check"))
	return s.bookFlag(cmd, &of)
}

// sendFile takes a file in and says everything that is wrong with it. Nothing of the books changes.
func (s *Bookfiles) sendFile(ctx context.Context, f sending, name string) (in intake.Intake, err error) {
	file, err := os.Open(name)
	if err != nil {
		return in, fault.New(fault.NotFound, "bookfiles.file_unreadable", name).Because(err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return in, err
	}
	f.upload = sheet.Upload{Name: info.Name(), Content: file, Size: info.Size()}
	if in, err = s.send(ctx, f); err != nil {
		return in, err
	}
	var list []fault.Finding
	for found, err := range s.host.Intake.All(ctx, access.Machine, in, intake.Filter{}) {
		if err != nil {
			return in, err
		}
		list = append(list, found)
	}
	s.host.Console.Findings(list)
	s.host.Console.Say("bookfiles.command.staged", in.Rows, in.Errors, in.Warnings)
	return in, nil
}
