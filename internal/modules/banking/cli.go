package banking

import (
	"context"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/terrace-project/terrace/internal/modules/banking/statement"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/sheet"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// commands are terrace bank. They act as the program itself: whoever may run them has the server in
// their hands.
func (s *Banking) commands() []*cobra.Command {
	c := s.host.Console
	bank := &cobra.Command{Use: "bank", Short: c.T("banking.command")}
	formats := &cobra.Command{Use: "formats", Short: c.T("banking.command.formats"), Args: cobra.NoArgs,
		RunE: s.host.Opened(func(context.Context, []string) error { return s.printFormats() })}
	bank.AddCommand(formats, s.tryCommand(), s.importCommand())
	return []*cobra.Command{bank}
}

func (s *Banking) printFormats() error {
	c := s.host.Console
	var rows [][]string
	for _, f := range s.formats {
		rows = append(rows, []string{f.Key, f.Title.In(c.Language), f.Bank.In(c.Language),
			c.T("mark." + f.Mark)})
	}
	c.Table([]string{c.T("banking.command.key"), c.T("banking.command.title"), c.T("banking.command.bank"),
		c.T("banking.command.mark")}, rows)
	return nil
}

// opened opens a file as an upload.
func opened(name string, use func(sheet.Upload) error) error {
	file, err := os.Open(name)
	if err != nil {
		return fault.New(fault.NotFound, "banking.file_unreadable", name).Because(err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	return use(sheet.Upload{Name: info.Name(), Content: file, Size: info.Size()})
}

// tryCommand prints what would be read of a file, and everything that was found in it. Nothing is kept.
func (s *Banking) tryCommand() *cobra.Command {
	format, holder, number := "", "", ""
	c := s.host.Console
	cmd := &cobra.Command{Use: "try FILE", Short: c.T("banking.command.try"), Args: cobra.ExactArgs(1),
		RunE: s.host.Opened(func(_ context.Context, args []string) error {
			return opened(args[0], func(u sheet.Upload) error {
				want := statement.Expectation{Number: number, Today: s.host.Today()}
				if holder != "" {
					want.Holders = []string{holder}
				}
				read, err := s.Read(u, format, want)
				if err != nil {
					return err
				}
				s.print(read)
				if read.Stops() {
					return fault.New(fault.Invalid, "banking.errors")
				}
				return nil
			})
		})}
	cmd.Flags().StringVar(&format, "format", "", c.T("banking.command.format"))
	cmd.Flags().StringVar(&holder, "holder", "", c.T("banking.command.holder"))
	cmd.Flags().StringVar(&number, "number", "", c.T("banking.command.number"))
	return cmd
}

// print shows a reading: its columns, its lines, what was found.
func (s *Banking) print(r Reading) {
	c := s.host.Console
	var columns []string
	for _, column := range r.Head.Columns {
		columns = append(columns, column.Letter+" "+c.T("banking.part."+string(column.Part)))
	}
	c.Say("banking.command.read", r.Format, len(r.Lines), strings.Join(columns, ", "))
	var rows [][]string
	for _, l := range r.Lines {
		balance := ""
		if l.HasBalance {
			balance = l.Balance.String()
		}
		rows = append(rows, []string{string(l.Date), l.Amount.String(), balance, l.Counterparty, l.Purpose,
			l.Serial})
	}
	var heading []string
	for _, part := range []statement.Part{statement.Date, statement.Amount, statement.BalanceColumn,
		statement.Counterparty, statement.Purpose, statement.Serial} {
		heading = append(heading, c.T("banking.part."+string(part)))
	}
	c.Table(heading, rows)
	c.Findings(s.Told(r))
}

// importCommand takes a statement of an account.
func (s *Banking) importCommand() *cobra.Command {
	format, account, explanation := "", "", ""
	c := s.host.Console
	cmd := &cobra.Command{Use: "import FILE", Short: c.T("banking.command.import"),
		Args: cobra.ExactArgs(1),
		RunE: s.host.Opened(func(ctx context.Context, args []string) error {
			ref, ok := ParseRef(account)
			if !ok {
				return fault.New(fault.Invalid, "banking.which_account")
			}
			return opened(args[0], func(u sheet.Upload) error {
				w, err := s.Stage(ctx, access.Machine, ref, u, format)
				if err != nil {
					return err
				}
				c.Findings(s.Told(w.Reading))
				t, err := s.Take(ctx, access.Machine, ref, w.ID, explanation)
				if err != nil {
					return err
				}
				c.Say("banking.command.taken", t.Lines, t.Added)
				return nil
			})
		})}
	cmd.Flags().StringVar(&format, "format", "", c.T("banking.command.format"))
	cmd.Flags().StringVar(&account, "account", "", c.T("banking.command.account"))
	cmd.Flags().StringVar(&explanation, "explanation", "", c.T("banking.command.explanation"))
	if err := cmd.MarkFlagRequired("account"); err != nil {
		panic(err) // the flag stands above
	}
	return cmd
}
