// Package manifest is the only contract between the program and its modules: Host is what the
// program lends, Module is what a module adds. Nothing happens on import; package modules lists all
// modules in one function.
//
// # Life of a program
//
//  1. modules.All(host) makes the modules. The host's services are not open yet: a module keeps the
//     pointer and touches nothing.
//  2. The program reads what modules declare (tables, texts, permits, routes …) and puts it
//     together.
//  3. The host opens: database, keys, log. Then each module's Start runs, in the order of the list,
//     so that a module may use those it needs.
package manifest

import (
	"context"
	"io/fs"

	"github.com/spf13/cobra"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/api"
	"github.com/terrace-project/terrace/internal/platform/audit"
	"github.com/terrace-project/terrace/internal/platform/cli"
	"github.com/terrace-project/terrace/internal/platform/config"
	"github.com/terrace-project/terrace/internal/platform/files"
	"github.com/terrace-project/terrace/internal/platform/identity"
	"github.com/terrace-project/terrace/internal/platform/intake"
	"github.com/terrace-project/terrace/internal/platform/jobs"
	"github.com/terrace-project/terrace/internal/platform/keys"
	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/platform/log"
	"github.com/terrace-project/terrace/internal/platform/measure"
	"github.com/terrace-project/terrace/internal/platform/pack"
	"github.com/terrace-project/terrace/internal/platform/procedure"
	"github.com/terrace-project/terrace/internal/platform/rule"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// Host is what the program lends its modules. Store and what builds on
// it are nil until the program opens.
type Host struct {
	Console    *cli.Console
	Config     *config.Config
	Dictionary *locale.Dictionary
	Access     *access.Service
	Web        *web.Server
	API        *api.API
	Store      *store.Store
	Keys       *keys.Ring
	Log        *log.Log
	Procedures *procedure.Engine
	Packs      *pack.Pack // of the installation, with its parents
	Jobs       *jobs.Service
	Files      *files.Service
	Measures   *measure.Service
	Identity   *identity.Service
	Audit      *audit.Service
	Intake     *intake.Service // files being taken in; modules register their kinds in Start
	Subjects   *rule.Subjects  // what rules of the pack may look at, of all modules

	// Open opens database, keys and log for a command, and starts the modules. The returned
	// function closes them. Serving and commands share it.
	Open func(ctx context.Context) (closing func(), err error)
	// Today is the civil day in Beijing by the host's clock.
	Today func() period.Date
}

// Opened makes a command that runs with the host open. It acts as the program itself: whoever may run
// it has the server in their hands anyway.
func (h *Host) Opened(run func(ctx context.Context, args []string) error) func(*cobra.Command,
	[]string) error {
	return func(cmd *cobra.Command, args []string) error {
		closing, err := h.Open(cmd.Context())
		if err != nil {
			return err
		}
		defer closing()
		return run(access.With(cmd.Context(), access.Machine), args)
	}
}

// Module is what a module adds. Every field but Name may be left out.
type Module struct {
	Name    string
	Needs   []string // siblings it imports, at most three; a literal in module.go
	Part    store.Part
	Tables  []store.Sealed // all of them, sealed or not
	Permits []access.Permit
	Texts   fs.FS // texts/*.csv
	Views   fs.FS // *.html

	Menu  []web.MenuEntry
	Pages []web.Route
	Cards []web.Card
	// Bell is the count beside the inbox; one module has it.
	Bell      func(context.Context, access.Actor) (int, error)
	Endpoints func(*api.API)
	Commands  func() []*cobra.Command
	Checks    []Check
	Sections  []pack.Section // files of a pack that the module owns
	JobKinds  []jobs.Kind
	Measures  []measure.Definition
	Gauges    []Gauge
	Subjects  []rule.Subject // what rules of the pack may look at
	// Start runs once the host is open: fill caches, register with the machinery.
	Start func(ctx context.Context) error
	// Run works in the background until ctx ends, while the program serves.
	Run func(ctx context.Context)
}

// Gauge is a number for the operator's metrics, read when they are asked for.
type Gauge struct {
	Name string // as Prometheus writes it: terrace_sessions
	Read func(ctx context.Context) (float64, error)
}

// Check proves one of a module's invariants again over the whole database; terrace verify runs all.
type Check struct {
	Name string // dictionary key: what is proved
	Run  func(ctx context.Context, report func(fault.Finding)) error
}
