package app

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"github.com/terrace-project/terrace/internal/platform/config"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Main runs the command line and returns the exit code.
func (p *Program) Main(ctx context.Context, args []string) int {
	if p.problem != nil {
		fmt.Fprintln(p.outside.Err, p.problem)
		return 1
	}
	root := p.root()
	root.SetArgs(args)
	root.SetIn(p.outside.In)
	root.SetOut(p.outside.Out)
	root.SetErr(p.outside.Err)
	err := root.ExecuteContext(ctx)
	var f *fault.Fault
	switch {
	case err == nil:
		return 0
	case errors.As(err, &f):
		return p.host.Console.Fail(err)
	case errors.Is(err, context.Canceled):
		return 130
	}
	fmt.Fprintln(p.outside.Err, err)
	return 2
}

func (p *Program) root() *cobra.Command {
	t := p.host.Console.T
	root := &cobra.Command{Use: "terrace", Short: t("command.terrace"), Version: Version,
		SilenceUsage: true, SilenceErrors: true}
	file := ""
	root.PersistentFlags().StringVar(&file, "config", "", t("config.about.config"))
	for _, s := range settings {
		root.PersistentFlags().String(s.Key, s.Default, t(s.About))
	}
	root.PersistentPreRunE = func(c *cobra.Command, _ []string) (err error) {
		if file == "" {
			if name, set := p.outside.Environment("TERRACE_CONFIG"); set {
				file = name
			}
		}
		p.host.Config, err = config.Resolve(settingsOf(c), config.Inputs{Flags: c.Flags(), File: file,
			Environment: p.outside.Environment})
		if err == nil {
			p.startLogging(c.Name() == "serve")
		}
		return err
	}
	root.AddCommand(p.configCommand(), p.migrateCommand(), p.serveCommand(), p.verifyCommand(),
		p.backupCommand(), p.restoreCommand(), p.packCommand(), p.readyCommand(), p.demoCommand())
	for _, m := range p.modules {
		if m.Commands != nil {
			join(root, m.Commands())
		}
	}
	return root
}

// join adds the commands of a module. Modules may share a word: terrace ledger close, terrace ledger export.
func join(root *cobra.Command, commands []*cobra.Command) {
	for _, c := range commands {
		i := slices.IndexFunc(root.Commands(), func(o *cobra.Command) bool { return o.Name() == c.Name() })
		if i < 0 {
			root.AddCommand(c)
			continue
		}
		root.Commands()[i].AddCommand(c.Commands()...)
	}
}

func (p *Program) configCommand() *cobra.Command {
	c := p.host.Console
	return &cobra.Command{Use: "config", Short: c.T("command.config"), Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			var rows [][]string
			for _, v := range p.host.Config.Values() {
				from := c.T("config.from." + string(v.Source))
				if v.Where != "" {
					from += " " + v.Where
				}
				rows = append(rows, []string{v.Key, v.Shown(), from, v.Variable(), c.T(v.About)})
			}
			c.Table([]string{c.T("config.key"), c.T("config.value_in_force"), c.T("config.source"),
				c.T("config.variable"), c.T("config.explanation")}, rows)
			return nil
		}}
}

func (p *Program) migrateCommand() *cobra.Command {
	c, citus, print := p.host.Console, false, false
	cmd := &cobra.Command{Use: "migrate", Short: c.T("command.migrate"), Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := store.Open(cmd.Context(), store.Config{URL: p.host.Config.Text("db")})
			if err != nil {
				return err
			}
			defer s.Close()
			done, err := s.Migrate(cmd.Context(), p.Parts())
			for _, m := range done {
				fmt.Fprintf(c.Out, "%s %d %s\n", m.Part, m.Version, m.File)
			}
			if err != nil {
				return err
			}
			c.Say("app.migrated", len(done))
			if citus {
				return p.distribute(cmd, s, print)
			}
			return nil
		}}
	cmd.Flags().BoolVar(&citus, "citus", false, c.T("command.migrate.citus"))
	cmd.Flags().BoolVar(&print, "print", false, c.T("command.migrate.print"))
	return cmd
}
