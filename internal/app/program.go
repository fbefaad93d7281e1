// Package app puts the program together. A Program is a value: main starts one, tests start the
// same on a free port with a temporary database.
package app

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"sync/atomic"
	"time"

	"github.com/terrace-project/terrace/internal/app/demo"
	"github.com/terrace-project/terrace/internal/modules"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/api"
	"github.com/terrace-project/terrace/internal/platform/archive"
	"github.com/terrace-project/terrace/internal/platform/audit"
	"github.com/terrace-project/terrace/internal/platform/cli"
	"github.com/terrace-project/terrace/internal/platform/config"
	"github.com/terrace-project/terrace/internal/platform/files"
	"github.com/terrace-project/terrace/internal/platform/form"
	"github.com/terrace-project/terrace/internal/platform/identity"
	"github.com/terrace-project/terrace/internal/platform/intake"
	"github.com/terrace-project/terrace/internal/platform/jobs"
	"github.com/terrace-project/terrace/internal/platform/keys"
	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/platform/log"
	"github.com/terrace-project/terrace/internal/platform/manifest"
	"github.com/terrace-project/terrace/internal/platform/measure"
	"github.com/terrace-project/terrace/internal/platform/pack"
	"github.com/terrace-project/terrace/internal/platform/password"
	"github.com/terrace-project/terrace/internal/platform/procedure"
	"github.com/terrace-project/terrace/internal/platform/provider"
	"github.com/terrace-project/terrace/internal/platform/rule"
	"github.com/terrace-project/terrace/internal/platform/sheet"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// Version is the program's version, set when a release is built.
var Version = "0.1.0"

//go:embed texts/*.csv
var texts embed.FS

// Outside is what a program takes from the world around it.
type Outside struct {
	In          io.Reader
	Out, Err    io.Writer
	Environment func(string) (string, bool)
	Clock       func() time.Time
	Random      io.Reader // nil: crypto/rand
}

// Process is the world of an ordinary process.
func Process() Outside {
	return Outside{In: os.Stdin, Out: os.Stdout, Err: os.Stderr, Environment: os.LookupEnv, Clock: time.Now}
}

// Program is one Terrace.
type Program struct {
	outside  Outside
	host     *manifest.Host
	services modules.Services
	modules  []manifest.Module
	opened   bool
	meter    *meter
	stopping atomic.Bool     // it takes no new requests
	policy   identity.Policy // of accounts; zero: the usual one
	problem  error           // of putting it together; told by whatever is run first
	// unflushed: the database is a file that nobody has yet, and that is flushed when it is whole.
	unflushed bool
}

// New puts a program together; nothing is opened yet.
func New(outside Outside) *Program {
	p := &Program{outside: outside, host: &manifest.Host{}, meter: newMeter()}
	p.host.Today = func() period.Date { return period.At(p.outside.Clock()).Date() }
	p.host.Open = p.Open
	p.host.Access = access.New()
	p.host.Console = &cli.Console{Out: outside.Out, Err: outside.Err, In: outside.In,
		Language: cli.LanguageFrom(func(name string) string {
			value, _ := outside.Environment(name)
			return value
		})}
	p.services, p.modules = modules.All(p.host)
	sources := []fs.FS{texts, locale.Own, web.Texts, api.Texts, procedure.Texts, identity.Texts,
		audit.Texts, password.Texts, provider.Texts, pack.Texts, jobs.Texts, files.Texts,
		measure.Texts, archive.Texts, rule.Texts, form.Texts, sheet.Texts, intake.Texts, demo.Texts}
	for _, m := range p.modules {
		if m.Texts != nil {
			sources = append(sources, m.Texts)
		}
	}
	p.host.Dictionary, p.problem = locale.Load(sources...)
	p.host.Console.Dictionary = p.host.Dictionary
	p.gatherSubjects()
	return p
}

// gatherSubjects collects what rules may look at: the pack is checked against it.
func (p *Program) gatherSubjects() {
	var all []rule.Subject
	for _, m := range p.modules {
		all = append(all, m.Subjects...)
	}
	subjects, err := rule.NewSubjects(all...)
	p.host.Subjects, p.problem = subjects, errors.Join(p.problem, err)
}

// Host gives tests the program's services.
func (p *Program) Host() *manifest.Host { return p.host }

// Services are the modules that are called directly: by the demo city and by tests.
func (p *Program) Services() modules.Services { return p.services }

// Configure resolves the configuration from the environment alone, for a program without a command
// line.
func (p *Program) Configure() (err error) {
	p.host.Config, err = config.Resolve(settings, config.Inputs{Environment: p.outside.Environment})
	return err
}

// Modules lists the program's modules.
func (p *Program) Modules() []manifest.Module { return p.modules }

// Parts are all pieces of the program that have tables, in the order they are migrated.
func (p *Program) Parts() []store.Part {
	parts := []store.Part{store.Own(), log.Part(), audit.Part(), identity.Part(), procedure.Part(),
		jobs.Part(), files.Part(), measure.Part(), archive.OwnPart(), intake.Part()}
	for _, m := range p.modules {
		if m.Part.Migrations != nil {
			m.Part.Name = m.Name
			parts = append(parts, m.Part)
		}
	}
	return parts
}

// Tables are all tables of all modules.
func (p *Program) Tables() []store.Sealed {
	all := slices.Concat(audit.Tables(), identity.Tables(), procedure.Tables(), jobs.Tables(),
		files.Tables(),
		measure.Tables(), archive.Tables(), intake.Tables())
	for _, m := range p.modules {
		all = append(all, m.Tables...)
	}
	return all
}

// Open opens database, keys and log and starts the modules. The configuration must be resolved.
func (p *Program) Open(ctx context.Context) (closing func(), err error) {
	if p.opened {
		return func() {}, nil
	}
	if err := p.openPack(); err != nil {
		return nil, err
	}
	if err := p.openStore(ctx); err != nil {
		return nil, err
	}
	closing = func() {
		p.opened = false
		if err := p.host.Store.Close(); err != nil {
			slog.Error("the database did not close cleanly", "cause", err)
		}
	}
	if err := p.start(ctx); err != nil {
		closing()
		return nil, err
	}
	p.opened = true
	return closing, nil
}

// openStore connects and brings a new database up to date. An old one that needs migrating is
// refused: whoever runs it takes a backup first.
func (p *Program) openStore(ctx context.Context) error {
	s, err := store.Open(ctx, store.Config{URL: p.host.Config.Text("db"), Clock: p.outside.Clock,
		Random: p.outside.Random, Unflushed: p.unflushed})
	if err != nil {
		return err
	}
	s.Seal(p.Tables()...)
	p.host.Store = s
	pending, err := s.Pending(ctx, p.Parts())
	if err == nil && len(pending) > 0 {
		err = p.migrateNew(ctx, pending)
	}
	if err != nil {
		return errors.Join(err, s.Close())
	}
	return nil
}

func (p *Program) migrateNew(ctx context.Context, pending []store.Migration) error {
	if first := pending[0]; first.Part != "store" || first.Version != 1 {
		return fault.New(fault.Unavailable, "app.migrate_first", len(pending))
	}
	_, err := p.host.Store.Migrate(ctx, p.Parts())
	return err
}

func (p *Program) start(ctx context.Context) error {
	if err := p.openKeys(); err != nil {
		return err
	}
	signer, err := log.NewSigner(p.host.Config.Text("log-origin"), p.host.Keys.Log())
	if err != nil {
		return err
	}
	p.host.Log = log.New(p.host.Store, signer)
	if err := p.openIdentity(); err != nil {
		return err
	}
	p.host.Procedures = procedure.New(p.host.Store, p.host.Access, p.host.Keys)
	p.host.Procedures.SetDirectory(p.host.Identity)
	if err := p.openMachinery(); err != nil {
		return err
	}
	for _, m := range p.modules {
		if m.Start == nil {
			continue
		}
		if err := m.Start(ctx); err != nil {
			return fmt.Errorf("module %s: %w", m.Name, err)
		}
	}
	return nil
}

// KeyFile is where the keys are: as configured, else beside a SQLite database.
func (p *Program) KeyFile() string {
	if name := p.host.Config.Text("keys"); name != "" {
		return name
	}
	if url := p.host.Config.Text("db"); !store.IsPostgres(url) {
		return store.SQLitePath(url) + ".keys"
	}
	return filepath.Join(".", "terrace.keys")
}

// openKeys loads the keys; the first start makes them.
func (p *Program) openKeys() error {
	name := p.KeyFile()
	_, err := os.Stat(name)
	if err == nil {
		p.host.Keys, err = keys.Load(name)
		return err
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return fault.New(fault.Unavailable, "keys.missing", name).Because(err)
	}
	used, err := store.Read(context.Background(), p.host.Store, func(v *store.View) (int64, error) {
		return store.Count(v, `SELECT count(*) FROM (SELECT id FROM event LIMIT 1) e`)
	})
	if err != nil || used > 0 { // a database in use without its keys: never make new ones
		return fault.New(fault.Unavailable, "keys.missing", name).Because(err)
	}
	if p.host.Keys, err = keys.New(p.host.Store.Randomness()); err != nil {
		return err
	}
	return p.host.Keys.Save(name)
}
