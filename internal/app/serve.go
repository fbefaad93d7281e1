package app

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"github.com/terrace-project/terrace/internal/platform/api"
	"github.com/terrace-project/terrace/internal/platform/identity"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Limits of the server on slow and stuck clients.
const (
	headerTime   = 10 * time.Second
	readTime     = 5 * time.Minute // photos over a weak network
	idleTime     = 2 * time.Minute
	shutdownTime = 20 * time.Second
	headerMax    = 64 << 10
)

func (p *Program) serveCommand() *cobra.Command {
	return &cobra.Command{Use: "serve", Short: p.host.Console.T("command.serve"), Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			closing, err := p.Open(cmd.Context())
			if err != nil {
				return err
			}
			defer closing()
			if err := p.firstStart(cmd.Context()); err != nil {
				return err
			}
			return p.Serve(cmd.Context(), func(address string) {
				p.host.Console.Say("app.serving", "http://"+address)
			})
		}}
}

// Serve serves until ctx ends; then it lets running requests finish, sequences the log and returns.
// ready is told the address once connections are taken.
func (p *Program) Serve(ctx context.Context, ready func(address string)) error {
	handler, err := p.Handler()
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", p.host.Config.Text("addr"))
	if err != nil {
		return fault.New(fault.Unavailable, "app.listen", p.host.Config.Text("addr")).Because(err)
	}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: headerTime, ReadTimeout: readTime,
		IdleTimeout: idleTime, MaxHeaderBytes: headerMax,
		ErrorLog: slog.NewLogLogger(slog.Default().Handler(), slog.LevelWarn)}
	stop := p.runBackground(ctx)
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	if ready != nil {
		ready(listener.Addr().String())
	}
	select {
	case <-ctx.Done():
	case err = <-failed:
	}
	patience, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTime)
	defer cancel()
	p.stopping.Store(true) // whoever asks whether to send requests here is told no
	err = errors.Join(err, server.Shutdown(patience))
	stop()
	return err
}

// runBackground starts what works without being asked. The returned function stops it in the order in
// which nothing is lost: first whoever writes, then the log, which sequences what they wrote last.
func (p *Program) runBackground(ctx context.Context) (stop func()) {
	working, stopWork := context.WithCancel(context.WithoutCancel(ctx))
	logging, stopLog := context.WithCancel(context.WithoutCancel(ctx))
	var work, logs sync.WaitGroup
	logs.Go(func() { p.host.Log.Run(logging) })
	work.Go(func() { p.host.Procedures.Run(working) })
	work.Go(func() { p.host.Jobs.Run(working) })
	for _, m := range p.modules {
		if m.Run != nil {
			work.Go(func() { m.Run(working) })
		}
	}
	return func() {
		stopWork()
		work.Wait()
		stopLog()
		logs.Wait()
	}
}

// Handler puts pages and operations of all modules together. The program must be open.
func (p *Program) Handler() (http.Handler, error) {
	title := p.host.Config.Text("title")
	proxies, err := web.ParseProxies(p.host.Config.Text("proxies"))
	if err != nil {
		return nil, err
	}
	p.host.Web = web.New(web.Config{Dictionary: p.host.Dictionary, Access: p.host.Access,
		Clock: p.outside.Clock, Secure: p.host.Config.Flag("secure"), Title: title, Proxies: proxies,
		Authenticate: p.host.Identity.Authenticate, Detours: identity.Detours()})
	p.host.API = api.New(Version, p.host.Dictionary, p.host.Access)
	p.host.Web.Handle(p.pages()...)
	for _, m := range p.modules {
		if m.Views != nil {
			p.host.Web.AddViews(m.Name, m.Views)
		}
		p.host.Web.AddMenu(m.Menu...)
		p.host.Web.AddCards(m.Cards...)
		if m.Bell != nil {
			p.host.Web.SetBell(m.Bell)
		}
		p.host.Web.Handle(m.Pages...)
		if m.Endpoints != nil {
			m.Endpoints(p.host.API)
		}
	}
	p.host.Web.Mount(api.Root, p.host.API.Handler(), p.host.API.Refuse)
	pages, err := p.host.Web.Handler()
	if err != nil {
		return nil, err
	}
	return p.outer(p.observed(pages)), nil
}

// pages are the program's own routes.
func (p *Program) pages() []web.Route { return p.host.Files.Routes() }
