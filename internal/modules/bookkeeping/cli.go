package bookkeeping

import (
	"context"
	"os"

	"github.com/spf13/cobra"

	"github.com/terrace-project/terrace/internal/modules/bookkeeping/grid"
	"github.com/terrace-project/terrace/internal/modules/bookkeeping/sheets"
	"github.com/terrace-project/terrace/internal/modules/ledger"
	"github.com/terrace-project/terrace/internal/modules/ledger/book"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/sheet"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
	"github.com/terrace-project/terrace/internal/pure/words"
)

// commands are terrace ledger. They act as the program itself: whoever may run them has the server in
// their hands.
func (s *Bookkeeping) commands() []*cobra.Command {
	c := &cobra.Command{Use: "ledger", Short: s.host.Console.T("books.command")}
	c.AddCommand(s.listCommand(), s.balanceCommand(), s.statementCommand(), s.closeCommand())
	return []*cobra.Command{c}
}

// listCommand lists organisations with their books, all of them.
func (s *Bookkeeping) listCommand() *cobra.Command {
	place, text := "", ""
	c := s.host.Console
	cmd := &cobra.Command{Use: "list", Short: c.T("books.command.list"), Args: cobra.NoArgs,
		RunE: s.host.Opened(func(ctx context.Context, _ []string) error {
			q := web.Query{Filter: map[string]string{"place": place, "q": text}, Limit: listedAtOnce}
			scope := s.host.Access.Scope(access.Machine, ledger.MayRead)
			var lines [][]string
			for {
				rows, err := s.load(ctx, scope, s.host.Today(), q)
				if err != nil {
					return err
				}
				for _, o := range rows.Items {
					if o.Has {
						lines = append(lines, []string{o.Book.Ref().String(), o.Name, o.Chart,
							string(o.From),
							o.Closed})
					}
				}
				if q.After = rows.Next; q.After == "" {
					break
				}
			}
			c.Table([]string{c.T("books.number"), c.T("books.owner"), c.T("books.chart"), c.T("books.from"),
				c.T("books.list.column.closed")}, lines)
			return nil
		})}
	cmd.Flags().StringVar(&place, "place", "", c.T("books.command.place"))
	cmd.Flags().StringVar(&text, "text", "", c.T("books.command.text"))
	return cmd
}

// listedAtOnce is how many organisations a command reads at once.
const listedAtOnce = 500

// balanceCommand prints what stands on the accounts of books.
func (s *Bookkeeping) balanceCommand() *cobra.Command {
	on := ""
	c := s.host.Console
	cmd := &cobra.Command{Use: "balance BOOKS", Short: c.T("books.command.balance"),
		Args: cobra.ExactArgs(1),
		RunE: s.host.Opened(func(ctx context.Context, args []string) error {
			o, err := s.booksNamed(ctx, args[0])
			if err != nil {
				return err
			}
			day := s.host.Today()
			if on != "" {
				if day, err = period.ParseDate(on); err != nil {
					return fault.New(fault.Invalid, "web.date", on)
				}
			}
			balances, err := store.Read(ctx, s.host.Store, func(v *store.View) ([]book.Balance, error) {
				return ledger.Balances(v, o.Ref(), day)
			})
			if err != nil {
				return err
			}
			c.Table([]string{c.T("books.account"), c.T("books.counterparty"), c.T("books.debit"),
				c.T("books.credit")}, balanceLines(o, balances, c.Language))
			return nil
		})}
	cmd.Flags().StringVar(&on, "on", "", c.T("books.command.on"))
	return cmd
}

// balanceLines are balances in the column of their side, with the sums last.
func balanceLines(o opened, balances []book.Balance, l words.Language) [][]string {
	var lines [][]string
	var debit, credit money.Fen
	for _, b := range balances {
		line := []string{grid.AccountText(o.chart, b.Account, l), o.chart.DetailName(b.Account,
			b.Counterparty).In(l),
			"", ""}
		if b.Amount > 0 {
			debit, line[2] = debit+b.Amount, b.Amount.String()
		} else {
			credit, line[3] = credit-b.Amount, (-b.Amount).String()
		}
		lines = append(lines, line)
	}
	return append(lines, []string{"", "", debit.String(), credit.String()})
}

// booksNamed are the books of a number of their own, or those that run today for an organisation: both are
// written as 500102/37, and books of that number come first.
func (s *Bookkeeping) booksNamed(ctx context.Context, text string) (opened, error) {
	if ref, ok := ledger.ParseRef(text); ok {
		o, err := store.Read(ctx, s.host.Store, func(v *store.View) (opened, error) {
			return s.openedIn(v, access.Machine, ledger.MayRead, ref)
		})
		if err == nil || !fault.Is(err, fault.NotFound) {
			return o, err
		}
	}
	b, err := s.named(ctx, access.Machine, text)
	if err != nil {
		return opened{}, err
	}
	return store.Read(ctx, s.host.Store, func(v *store.View) (opened, error) {
		return s.openedIn(v, access.Machine, ledger.MayRead, b.Ref())
	})
}

// statementCommand prints a statement, or writes it as a workbook.
func (s *Bookkeeping) statementCommand() *cobra.Command {
	span, file := "", ""
	c := s.host.Console
	cmd := &cobra.Command{Use: "statement BOOKS KEY", Short: c.T("books.command.statement"),
		Args: cobra.ExactArgs(2),
		RunE: s.host.Opened(func(ctx context.Context, args []string) error {
			o, err := s.booksNamed(ctx, args[0])
			if err != nil {
				return err
			}
			p, err := period.Parse(span)
			if err != nil {
				return fault.New(fault.Invalid, "books.period", span)
			}
			made, err := store.Read(ctx, s.host.Store, func(v *store.View) (book.Sheet, error) {
				return s.ledger.Statement(v, o.Ref(), args[1], p)
			})
			if err != nil {
				return err
			}
			table := sheets.Table(made, o.Owner.Name, p)
			if file != "" {
				return writeWorkbook(file, sheetTable(table, c.Language))
			}
			headings, lines := printed(table, c.Language)
			c.Table(headings, lines)
			c.Findings(made.Findings)
			return nil
		})}
	cmd.Flags().StringVar(&span, "period", "", c.T("books.command.period"))
	cmd.Flags().StringVar(&file, "xlsx", "", c.T("books.command.xlsx"))
	if err := cmd.MarkFlagRequired("period"); err != nil {
		panic(err) // the flag stands above
	}
	return cmd
}

// printed is a table in one language.
func printed(t words.Table, l words.Language) (headings []string, lines [][]string) {
	for _, h := range t.Heading {
		headings = append(headings, h.In(l))
	}
	for _, cells := range t.Rows {
		line := make([]string, len(cells))
		for i, cell := range cells {
			line[i] = cell.In(l)
		}
		lines = append(lines, line)
	}
	return headings, lines
}

// writeWorkbook writes a table into a file that is not there yet.
func writeWorkbook(name string, table sheet.Table) error {
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fault.New(fault.Conflict, "books.file_there", name).Because(err)
	}
	if _, err := sheet.WriteXLSX(file, table); err != nil {
		file.Close() //nolint:errcheck // the first error counts
		return err
	}
	return file.Close()
}

// closeCommand closes a month in all books of a county, with a bar. Stopped, it goes on where it stopped.
func (s *Bookkeeping) closeCommand() *cobra.Command {
	home := int64(0)
	c := s.host.Console
	cmd := &cobra.Command{Use: "close MONTH", Short: c.T("books.command.close"), Args: cobra.ExactArgs(1),
		RunE: s.host.Opened(func(ctx context.Context, args []string) error {
			return s.closeAll(ctx, home, args[0])
		})}
	cmd.Flags().Int64Var(&home, "home", 0, c.T("books.command.home"))
	if err := cmd.MarkFlagRequired("home"); err != nil {
		panic(err) // the flag stands above
	}
	return cmd
}

// closeAll closes a month in the books of a county whose turn it is, and says which could not be closed.
func (s *Bookkeeping) closeAll(ctx context.Context, home int64, month string) error {
	p, err := period.Parse(month)
	if err != nil || p.Kind() != period.Month {
		return fault.New(fault.Invalid, "books.month", month)
	}
	c := s.host.Console
	open, err := s.unclosed(ctx, home, p)
	if err != nil {
		return err
	}
	told := c.Progress(c.T("books.command.close"), int64(len(open)))
	err = s.ledger.CloseMonth(ctx, home, month, func(done int) { told(int64(done)) })
	if err != nil {
		return err
	}
	left, err := s.unclosed(ctx, home, p)
	if err != nil {
		return err
	}
	if err := s.ledger.RollUpFigures(ctx, p.Year()); err != nil {
		return err
	}
	var lines [][]string
	for _, b := range left {
		lines = append(lines, []string{b.Ref().String(), b.Closed})
	}
	c.Say("books.command.closed", len(open)-len(left), len(left))
	if len(lines) > 0 {
		c.Table([]string{c.T("books.number"), c.T("books.list.column.closed")}, lines)
	}
	return nil
}

// unclosed are the books of a county that have not closed a month.
func (s *Bookkeeping) unclosed(ctx context.Context, home int64, month period.Period) ([]ledger.Book,
	error) {
	return store.Read(ctx, s.host.Store, func(v *store.View) ([]ledger.Book, error) {
		var all []ledger.Book
		after := int64(0)
		for {
			list, err := ledger.Unclosed(v, home, month, after, listedAtOnce)
			if err != nil || len(list) == 0 {
				return all, err
			}
			all, after = append(all, list...), list[len(list)-1].ID
		}
	})
}
