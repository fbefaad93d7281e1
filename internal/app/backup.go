package app

import (
	"github.com/spf13/cobra"

	"github.com/terrace-project/terrace/internal/platform/archive"
	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/platform/store"
)

func (p *Program) backupCommand() *cobra.Command {
	c, withKeys := p.host.Console, false
	cmd := &cobra.Command{Use: "backup FILE", Short: c.T("command.backup"), Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return p.backup(cmd, args[0], withKeys) }}
	cmd.Flags().BoolVar(&withKeys, "with-keys", false, c.T("command.backup.keys"))
	return cmd
}

// backup writes an archive while the installation works, and records that it was made.
func (p *Program) backup(cmd *cobra.Command, file string, withKeys bool) error {
	closing, err := p.Open(cmd.Context())
	if err != nil {
		return err
	}
	defer closing()
	c := p.host.Console
	source := archive.Source{Store: p.host.Store, Parts: p.Parts(), Files: p.host.Files, Version: Version,
		Origin: p.host.Config.Text("log-origin"), Key: p.host.Log.PublicKey(),
		Progress: p.steps("app.backing_up")}
	if withKeys {
		source.KeyFile = p.KeyFile()
	}
	written, err := archive.Write(cmd.Context(), source, file)
	if err != nil {
		return err
	}
	c.Say("app.backed_up", file, locale.Count(written.Size), locale.Count(len(written.Manifest.Parts)),
		written.Hash)
	if !withKeys {
		c.Say("app.backup.keys_apart", p.KeyFile())
	}
	return archive.Record(cmd.Context(), p.host.Store, file, written)
}

// steps is a progress bar that begins when the number of steps is known.
func (p *Program) steps(key string) func(done, of int) {
	var bar func(int64)
	return func(done, of int) {
		if bar == nil {
			bar = p.host.Console.Progress(p.host.Console.T(key), int64(of))
		}
		bar(int64(done))
	}
}

func (p *Program) restoreCommand() *cobra.Command {
	c := p.host.Console
	return &cobra.Command{Use: "restore FILE", Short: c.T("command.restore"), Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			m, err := archive.Restore(cmd.Context(), args[0], archive.Target{
				Database: store.Config{URL: p.host.Config.Text("db"), Clock: p.outside.Clock,
					Random: p.outside.Random},
				Parts: p.Parts(), Folder: p.FilesFolder(), KeyFile: p.KeyFile(),
				Progress: p.steps("app.restoring")})
			if err != nil {
				return err
			}
			c.Say("app.restored", args[0], m.At, locale.Count(len(m.Parts)))
			if !m.HasKeys() {
				c.Say("app.restore.keys_apart", p.KeyFile())
			}
			if origin := p.host.Config.Text("log-origin"); origin != m.Origin {
				c.Say("app.restore.origin", m.Origin, origin)
			}
			c.Say("app.restore.verify")
			return nil
		}}
}
