package accounts

import (
	"context"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/identity"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// commands are terrace user and terrace post. They act as the program itself: whoever may run them
// has the server in their hands anyway, and it is the way back in when the last administrator is lost.
func (m *Module) commands() []*cobra.Command {
	t := m.host.Console.T
	user := &cobra.Command{Use: "user", Short: t("accounts.command.user")}
	user.AddCommand(m.userAdd(), m.userList(), m.userReset(),
		m.userState("lock", t("accounts.user.lock"), func(ctx context.Context, id int64) error {
			return m.host.Identity.Lock(ctx, access.Machine, id)
		}),
		m.userState("unlock", t("accounts.user.unlock"), func(ctx context.Context, id int64) error {
			return m.host.Identity.Unlock(ctx, access.Machine, id)
		}),
		m.userState("close", t("accounts.user.close"), func(ctx context.Context, id int64) error {
			return m.host.Identity.Close(ctx, access.Machine, id)
		}))
	post := &cobra.Command{Use: "post", Short: t("accounts.command.post")}
	post.AddCommand(m.postGive(), m.postListing(), m.postEnd())
	return []*cobra.Command{user, post}
}

func (m *Module) userAdd() *cobra.Command {
	c := m.host.Console
	var e identity.Entry
	place := ""
	cmd := &cobra.Command{Use: "add LOGIN NAME", Short: c.T("accounts.command.user.add"),
		Args: cobra.ExactArgs(2), RunE: m.host.Opened(func(ctx context.Context, args []string) (err error) {
			e.Login, e.Name = args[0], args[1]
			if e.Place, err = m.placeOf(ctx, place); err != nil {
				return err
			}
			made, oneTime, err := m.host.Identity.Create(ctx, access.Machine, e)
			if err == nil {
				m.sayOneTime(made.Login, oneTime)
			}
			return err
		})}
	cmd.Flags().StringVar(&e.Phone, "phone", "", c.T("accounts.phone"))
	cmd.Flags().StringVar(&place, "place", "", c.T("accounts.user.place"))
	cmd.Flags().StringVar(&e.Language, "language", "", c.T("accounts.language")+": zh, en")
	return cmd
}

func (m *Module) sayOneTime(login, password string) {
	m.host.Console.Say("accounts.command.one_time", login, password,
		int(m.host.Identity.Policy().OneTimeTime.Hours()))
}

// byLogin finds the account that an argument names.
func (m *Module) byLogin(ctx context.Context, login string) (identity.Account, error) {
	return m.host.Identity.ByLogin(ctx, access.Machine, login)
}

func (m *Module) userReset() *cobra.Command {
	factor := false
	cmd := &cobra.Command{Use: "reset LOGIN", Short: m.host.Console.T("accounts.command.user.reset"),
		Args: cobra.ExactArgs(1), RunE: m.host.Opened(func(ctx context.Context, args []string) error {
			a, err := m.byLogin(ctx, args[0])
			if err != nil {
				return err
			}
			if factor {
				err = m.host.Identity.ResetSecond(ctx, access.Machine, a.ID)
				if err != nil && !fault.HasKey(err, "identity.second.none") {
					return err
				}
			}
			oneTime, err := m.host.Identity.ResetPassword(ctx, access.Machine, a.ID)
			if err == nil {
				m.sayOneTime(a.Login, oneTime)
			}
			return err
		})}
	cmd.Flags().BoolVar(&factor, "second-factor", false, m.host.Console.T("accounts.command.user.factor"))
	return cmd
}

func (m *Module) userState(use, short string, do func(context.Context, int64) error) *cobra.Command {
	return &cobra.Command{Use: use + " LOGIN", Short: short, Args: cobra.ExactArgs(1),
		RunE: m.host.Opened(func(ctx context.Context, args []string) error {
			a, err := m.byLogin(ctx, args[0])
			if err != nil {
				return err
			}
			if err := do(ctx, a.ID); err != nil {
				return err
			}
			m.host.Console.Say("accounts.command.done", a.Login, a.Name)
			return nil
		})}
}

// listPortion is how many rows a listing command reads at a time.
const listPortion = 500

func (m *Module) userList() *cobra.Command {
	c := m.host.Console
	return &cobra.Command{Use: "list [TEXT]", Short: c.T("accounts.command.user.list"),
		Args: cobra.MaximumNArgs(1), RunE: m.host.Opened(func(ctx context.Context, args []string) error {
			q := identity.AccountQuery{Limit: listPortion}
			if len(args) == 1 {
				q.Text = args[0]
			}
			var rows [][]string
			for {
				list, _, err := m.host.Identity.Accounts(ctx, access.Machine, q)
				if err != nil {
					return err
				}
				for _, a := range list {
					rows = append(rows, []string{a.Login, a.Name, c.T("accounts.state." + string(a.State)),
						a.SignedIn.String()})
					q.After = a.Login
				}
				if len(list) < q.Limit {
					break
				}
			}
			c.Table([]string{c.T("accounts.login"), c.T("accounts.name"), c.T("accounts.post.standing"),
				c.T("accounts.users.column.signed_in")}, rows)
			return nil
		})}
}

func (m *Module) postGive() *cobra.Command {
	c := m.host.Console
	var p identity.Proposal
	place, since, last := "", "", ""
	cmd := &cobra.Command{Use: "give LOGIN ROLE", Short: c.T("accounts.command.post.give"),
		Args: cobra.ExactArgs(2), RunE: m.host.Opened(func(ctx context.Context, args []string) error {
			a, err := m.byLogin(ctx, args[0])
			if err != nil {
				return err
			}
			p.Account, p.Role = a.ID, args[1]
			if p.Place, err = m.placeOf(ctx, place); err != nil {
				return err
			}
			if p.Since, p.Until, err = m.span(since, last); err != nil {
				return err
			}
			post, err := m.host.Identity.Propose(ctx, access.Machine, p)
			if err == nil {
				c.Say("accounts.command.given", post.ID, a.Login, p.Role)
			}
			return err
		})}
	cmd.Flags().StringVar(&place, "place", "", c.T("accounts.post.place"))
	cmd.Flags().Int64Var(&p.Area, "area", 0, c.T("accounts.post.area"))
	cmd.Flags().StringVar(&since, "since", "", c.T("accounts.post.since"))
	cmd.Flags().StringVar(&last, "last", "", c.T("accounts.post.last"))
	cmd.Flags().StringVar(&p.Document, "document", "", c.T("accounts.post.document"))
	return cmd
}

// span reads two days as people name them; the first is today unless given.
func (m *Module) span(since, last string) (from, until period.Date, err error) {
	from = m.host.Today()
	if since != "" {
		if from, err = period.ParseDate(since); err != nil {
			return "", "", fault.New(fault.Invalid, "web.date", since)
		}
	}
	if last == "" {
		return from, period.Open, nil
	}
	day, err := period.ParseDate(last)
	if err != nil {
		return "", "", fault.New(fault.Invalid, "web.date", last)
	}
	return from, day.AddDays(1), nil
}

func (m *Module) postListing() *cobra.Command {
	c := m.host.Console
	return &cobra.Command{Use: "list [LOGIN]", Short: c.T("accounts.command.post.list"),
		Args: cobra.MaximumNArgs(1), RunE: m.host.Opened(func(ctx context.Context, args []string) error {
			q := identity.PostQuery{Limit: listPortion}
			if len(args) == 1 {
				a, err := m.byLogin(ctx, args[0])
				if err != nil {
					return err
				}
				q.Account = a.ID
			}
			var rows [][]string
			for {
				list, _, err := m.host.Identity.Posts(ctx, access.Machine, q)
				if err != nil {
					return err
				}
				for _, p := range list {
					rows = append(rows, m.postLine(p))
					q.After = p.ID
				}
				if len(list) < q.Limit {
					break
				}
			}
			c.Table([]string{c.T("accounts.command.number"), c.T("accounts.login"),
				c.T("accounts.post.role"),
				c.T("accounts.post.where"), c.T("accounts.post.since"), c.T("accounts.post.last"),
				c.T("accounts.post.standing")}, rows)
			return nil
		})}
}

func (m *Module) postLine(p identity.PostShown) []string {
	c := m.host.Console
	where, last := c.T("accounts.installation"), ""
	switch {
	case p.Area != 0:
		where = c.T("accounts.area", p.Area)
	case p.Place != 0:
		where = m.host.Identity.Places().Name(p.Place)
	}
	if p.Until != period.Open {
		last = string(p.Until.AddDays(-1))
	}
	return []string{strconv.FormatInt(p.ID, 10), p.Login, p.Role, where, string(p.Since), last,
		c.T("accounts.standing." + p.Standing(m.host.Today()))}
}

func (m *Module) postEnd() *cobra.Command {
	c := m.host.Console
	reason := ""
	cmd := &cobra.Command{Use: "end NUMBER", Short: c.T("accounts.command.post.end"),
		Args: cobra.ExactArgs(1), RunE: m.host.Opened(func(ctx context.Context, args []string) error {
			id, err := strconv.ParseInt(args[0], 10, 64)
			if err != nil {
				return fault.New(fault.NotFound, "identity.no_post")
			}
			err = m.host.Identity.EndPost(ctx, access.Machine, identity.Decision{Post: id, Reason: reason})
			if err == nil {
				c.Say("accounts.command.ended", id)
			}
			return err
		})}
	cmd.Flags().StringVar(&reason, "reason", c.T("accounts.command.reason"), c.T("web.reason"))
	return cmd
}
