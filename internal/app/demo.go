package app

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"runtime/debug"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/terrace-project/terrace/internal/app/demo"
	"github.com/terrace-project/terrace/internal/app/demo/setting"
	"github.com/terrace-project/terrace/internal/platform/config"
	"github.com/terrace-project/terrace/internal/platform/identity"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// The demo city has defaults of its own, so that it never stands where a real installation does.
const (
	demoName  = "demo"
	demoFile  = "terrace-demo.db"
	demoTitle = "演示市 Demo"
)

// settingsOf are the settings with the defaults of a command.
func settingsOf(c *cobra.Command) []config.Setting {
	if c.Name() != demoName {
		return settings
	}
	own := slices.Clone(settings)
	for i := range own {
		switch own[i].Key {
		case "db":
			own[i].Default = demoFile
		case "title":
			own[i].Default = demoTitle
		}
	}
	return own
}

// demoWish is which city is asked for.
type demoWish struct {
	scale   string
	seed    int64
	noServe bool
}

func (p *Program) demoCommand() *cobra.Command {
	c, w := p.host.Console, demoWish{}
	cmd := &cobra.Command{Use: demoName, Short: c.T("command.demo"), Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return p.demo(cmd.Context(), w) }}
	cmd.Flags().StringVar(&w.scale, "scale", setting.Small.Name, c.T("command.demo.scale"))
	cmd.Flags().Int64Var(&w.seed, "seed", 1, c.T("command.demo.seed"))
	cmd.Flags().BoolVar(&w.noServe, "no-serve", false, c.T("command.demo.no_serve"))
	return cmd
}

// demo builds the city unless it is there, tells what it holds, and serves it.
func (p *Program) demo(ctx context.Context, w demoWish) error {
	scale, err := setting.ScaleOf(w.scale)
	if err != nil {
		return err
	}
	if err := p.demoCity(ctx, scale, w.seed); err != nil {
		return err
	}
	p.policy = demoPolicy()
	if err := p.demoClock(ctx); err != nil {
		return err
	}
	closing, err := p.Open(ctx)
	if err != nil {
		return err
	}
	defer closing()
	mark := setting.Wanted(scale, w.seed, p.host.Packs.Key())
	if err := demo.Report(ctx, p.host, mark); err != nil {
		return err
	}
	if w.noServe {
		return nil
	}
	p.host.Console.Say("demo.day", string(p.host.Today()))
	return p.Serve(ctx, func(address string) { p.host.Console.Say("app.serving", "http://"+address) })
}

// demoClock lets the city's time go on from the last thing that happened in it: its deadlines and notices
// stay as they were built, whenever somebody starts it. A city served as an installation (terrace serve)
// has the clock of the machine.
func (p *Program) demoClock(ctx context.Context) error {
	s, err := store.Open(ctx, store.Config{URL: p.host.Config.Text("db")})
	if err != nil {
		return err
	}
	last, err := store.Read(ctx, s, func(v *store.View) (int64, error) {
		return store.Count(v, `SELECT COALESCE(max(at), 0) FROM event`)
	})
	if err := errors.Join(err, s.Close()); err != nil || last == 0 {
		return err
	}
	clock, started := p.outside.Clock, p.outside.Clock()
	p.outside.Clock = func() time.Time { return period.Instant(last).Time().Add(clock().Sub(started)) }
	return nil
}

// buildingGC is by how many percent the heap may grow before it is looked through, while a city is built.
const buildingGC = 140

// demoPolicy lets everybody in with the printed password: the people are made up, and neither its age nor
// a second factor would protect anything. A city served as an installation (terrace serve) has the usual
// policy.
func demoPolicy() identity.Policy {
	policy := identity.DefaultPolicy()
	policy.OneFactor, policy.AgeMax = true, 100*365*24*time.Hour
	return policy
}

// demoCity makes sure that the database holds the city: it builds one where there is nothing.
func (p *Program) demoCity(ctx context.Context, scale setting.Scale, seed int64) error {
	url := p.host.Config.Text("db")
	server, name := store.IsPostgres(url), store.SQLitePath(url)
	if !server {
		if _, err := os.Stat(name); errors.Is(err, fs.ErrNotExist) {
			return p.demoAnew(ctx, name, scale, seed)
		}
	}
	state, found, err := p.demoLook(ctx, url)
	if err != nil {
		return err
	}
	if state == setting.Empty && !server {
		state = setting.Foreign // a file that is there and holds nothing of ours is somebody's
	}
	wanted := setting.Wanted(scale, seed, p.host.Config.Text("pack"))
	if err := setting.Fits(state, found, wanted, store.Redacted(url)); err != nil ||
		state == setting.Built {
		return err
	}
	return p.demoIn(ctx, p.host.Config, scale, seed, false)
}

// demoLook tells what a database holds. It opens no more than the store: a program that opens brings
// what is derived up to its day.
func (p *Program) demoLook(ctx context.Context, url string) (setting.State, setting.Mark, error) {
	s, err := store.Open(ctx, store.Config{URL: url})
	if err != nil {
		return setting.Foreign, setting.Mark{}, err
	}
	defer s.Close() //nolint:errcheck // it was only read
	return setting.Look(ctx, s)
}

// demoAnew builds the city under another name, and gives it its own when it is whole: a database with
// this name is never half a city.
func (p *Program) demoAnew(ctx context.Context, name string, scale setting.Scale, seed int64) error {
	half := name + ".building"
	steps := [][2]string{{half + ".files", p.FilesFolder()}, {half + ".keys", p.KeyFile()}, {half, name}}
	if exists(half) {
		state, found, err := p.demoLook(ctx, half)
		if err == nil && state == setting.Built && !exists(steps[1][0]) && // it was flushed before
			found == setting.Wanted(scale, seed, p.host.Config.Text("pack")) {
			return rename(steps) // it was whole and had only not all of its names
		}
		p.host.Console.Say("demo.interrupted")
	}
	for _, step := range steps {
		if exists(step[1]) {
			return fault.New(fault.Conflict, "demo.left", step[1], name)
		}
	}
	for _, ending := range []string{"", "-wal", "-shm", "-journal", ".keys", ".files"} {
		if err := os.RemoveAll(half + ending); err != nil {
			return fault.New(fault.Unavailable, "store.open", half+ending).Because(err)
		}
	}
	building := p.host.Config.With("db", half).With("keys", half+".keys").With("files", half+".files")
	if err := p.demoIn(ctx, building, scale, seed, true); err != nil {
		return err
	}
	if err := flush(half); err != nil {
		return fault.New(fault.Unavailable, "store.open", half).Because(err)
	}
	return rename(steps)
}

// flush waits until a file is on disk.
func flush(name string) error {
	file, err := os.OpenFile(name, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(file.Sync(), file.Close())
}

func exists(name string) bool {
	_, err := os.Stat(name)
	return err == nil
}

// rename gives files other names, in order. Those that have theirs already keep it.
func rename(steps [][2]string) error {
	for _, step := range steps {
		if exists(step[1]) && !exists(step[0]) {
			continue
		}
		if err := os.Rename(step[0], step[1]); err != nil {
			return fault.New(fault.Unavailable, "store.open", step[1]).Because(err)
		}
	}
	return nil
}

// demoIn opens an empty database with a clock and a randomness of its own, and builds the city in it.
func (p *Program) demoIn(ctx context.Context, in *config.Config, scale setting.Scale, seed int64,
	unflushed bool) error {
	outside, clock := p.outside, setting.NewClock(demo.Begun)
	outside.Clock, outside.Random = clock.Now, setting.Random(scale.Name, seed)
	builder := New(outside)
	builder.host.Config, builder.unflushed = in, unflushed
	closing, err := builder.Open(ctx)
	if err != nil {
		return err
	}
	defer closing()
	// A city is made of things that live for a moment: collecting them less often saves a tenth of the time
	// and stays below 300 MB.
	defer debug.SetGCPercent(debug.SetGCPercent(buildingGC))
	city, err := demo.Build(ctx, demo.Config{Host: builder.host, Modules: builder.services, Clock: clock,
		Scale: scale, Seed: seed})
	if err != nil {
		return err
	}
	return city.WriteKey(demo.KeyName(p.host.Config.Text("db")))
}
