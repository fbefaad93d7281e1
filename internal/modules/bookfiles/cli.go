package bookfiles

import (
	"context"
	"io"

	"github.com/spf13/cobra"

	"github.com/terrace-project/terrace/internal/modules/bookfiles/plaintext"
	"github.com/terrace-project/terrace/internal/modules/ledger"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/intakepage"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// commands are terrace ledger. They act as the program itself: whoever may run them has the server
// in
// their hands.
func (s *Bookfiles) commands() []*cobra.Command {
	group := &cobra.Command{Use: "ledger", Short: s.host.Console.T("bookfiles.command")}
	group.AddCommand(s.exportCommand(), s.files.ImportCommand(), s.templateCommand())
	return []*cobra.Command{group}
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
			return intakepage.WriteNew(output, func(w io.Writer) error {
				return s.WriteJournal(ctx, access.Machine, e,
					w)
			})
		})}
	cmd.Flags().StringVar(&format, "format", string(plaintext.Hledger), c.T("bookfiles.command.format"))
	cmd.Flags().IntVar(&year, "year", 0, c.T("bookfiles.command.year"))
	cmd.Flags().StringVar(&output, "output", "", c.T("bookfiles.command.output"))
	return s.files.Flagged(cmd, &of)
}

func (s *Bookfiles) templateCommand() *cobra.Command {
	c := s.host.Console
	of, opening := "", false
	cmd := &cobra.Command{Use: "template FILE", Short: c.T("bookfiles.command.template"),
		Args: cobra.ExactArgs(1),
		RunE: s.host.Opened(func(ctx context.Context, args []string) error {
			book, err := s.files.Named(ctx, of)
			if err != nil {
				return err
			}
			way := wayVouchers
			if opening {
				way = wayOpening
			}
			return s.files.WriteTemplate(ctx, book, way, args[0])
		})}
	cmd.Flags().BoolVar(&opening, "opening", false, c.T("bookfiles.command.opening"))
	return s.files.Flagged(cmd, &of)
}
