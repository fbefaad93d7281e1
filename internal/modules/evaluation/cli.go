package evaluation

import (
	"context"
	"os"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/sheet"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// commands join those of rating: terrace rating keep, list, verify. Publishing is a person's.
func (e *Evaluation) commands() []*cobra.Command {
	c := e.host.Console
	root := &cobra.Command{Use: "rating", Short: c.T("evaluation.command")}
	var o Order
	var scheme, years string
	keep := &cobra.Command{Use: "keep SCHEME.yaml DATA | --pack SCHEME --years 2014-2017",
		Short: c.T("evaluation.command.keep")}
	keep.Args = func(cmd *cobra.Command, args []string) error {
		if scheme != "" {
			return cobra.NoArgs(cmd, args)
		}
		return cobra.ExactArgs(2)(cmd, args)
	}
	keep.RunE = e.host.Opened(func(ctx context.Context, args []string) error {
		if scheme != "" {
			return e.packCommand(ctx, o, scheme, years)
		}
		return e.keepCommand(ctx, o, args)
	})
	keep.Flags().StringVar(&scheme, "pack", "", c.T("evaluation.command.pack"))
	keep.Flags().StringVar(&years, "years", "", c.T("evaluation.command.years"))
	keep.Flags().StringVar(&o.Title, "title", "", c.T("evaluation.command.title"))
	keep.Flags().Int64Var(&o.Seed, "seed", 1, c.T("evaluation.command.seed"))
	keep.Flags().IntVar(&o.Replications, "replications", 1000, c.T("evaluation.command.replications"))
	root.AddCommand(keep,
		&cobra.Command{Use: "list", Short: c.T("evaluation.command.list"), Args: cobra.NoArgs,
			RunE: e.host.Opened(e.listCommand)},
		e.verifyCommand())
	return []*cobra.Command{root}
}

func (e *Evaluation) keepCommand(ctx context.Context, o Order, args []string) error {
	scheme, err := os.ReadFile(args[0])
	if err != nil {
		return fault.New(fault.NotFound, "rating.file_unreadable", args[0]).Because(err)
	}
	file, err := os.Open(args[1])
	if err != nil {
		return fault.New(fault.NotFound, "rating.file_unreadable", args[1]).Because(err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	if o.Figures, err = Sheet(sheet.Upload{Name: args[1], Content: file, Size: info.Size()}); err != nil {
		return err
	}
	o.Place, o.Scheme, o.Source = e.places.City(), string(scheme), info.Name()
	if o.Title == "" {
		o.Title = info.Name()
	}
	run, err := e.Make(ctx, access.From(ctx), o)
	if err == nil {
		e.host.Console.Say("evaluation.kept", strconv.FormatInt(run.Home, 10)+"/"+strconv.FormatInt(run.ID,
			10),
			run.ResultHash)
	}
	return err
}

// listedMax is how many runs the command lists.
const listedMax = 1000

func (e *Evaluation) listCommand(ctx context.Context, _ []string) error {
	found, err := store.Read(ctx, e.host.Store, func(v *store.View) (Found, error) {
		return e.Find(v, access.From(ctx), Search{Limit: listedMax})
	})
	if err != nil {
		return err
	}
	c, lines := e.host.Console, [][]string{}
	for _, run := range found.Runs {
		lines = append(lines, []string{strconv.FormatInt(run.Home, 10) + "/" + strconv.FormatInt(run.ID,
			10),
			c.T("evaluation.state." + string(run.State)), run.Title, spanOf(run), run.ResultHash})
	}
	c.Table([]string{c.T("evaluation.runs.column.run"), c.T("evaluation.runs.column.state"),
		c.T("evaluation.runs.column.title"), c.T("evaluation.runs.column.times"),
		c.T("evaluation.result_hash")}, lines)
	return nil
}

// verifyCommand computes published runs again with the audits of all, or the run that is named, and says
// whether they agree.
func (e *Evaluation) verifyCommand() *cobra.Command {
	c, audits := e.host.Console, false
	cmd := &cobra.Command{Use: "verify [HOME/RUN]", Short: c.T("evaluation.command.verify"),
		Args: cobra.MaximumNArgs(1)}
	cmd.Flags().BoolVar(&audits, "audits", false, c.T("evaluation.command.audits"))
	cmd.RunE = e.host.Opened(func(ctx context.Context, args []string) error {
		if audits {
			return e.verify(ctx, args, 0)
		}
		return e.verify(ctx, args, auditCellsMax)
	})
	return cmd
}

func (e *Evaluation) verify(ctx context.Context, args []string, cellsMax int64) error {
	var found []fault.Finding
	p := proving{cellsMax: cellsMax, drafts: len(args) == 1,
		report: func(f fault.Finding) { found = append(found, f) }}
	err := e.host.Store.View(ctx, func(v *store.View) error {
		list, err := runs.All(v, "ORDER BY home, id")
		if len(args) == 1 && err == nil {
			ref, named := parseRef(args[0])
			if !named {
				return fault.New(fault.NotFound, "evaluation.absent")
			}
			list = make([]Run, 1)
			list[0], err = Get(v, ref)
		}
		if err != nil {
			return err
		}
		return p.prove(ctx, v, list)
	})
	if err != nil {
		return err
	}
	e.host.Console.Findings(found)
	e.host.Console.Say("evaluation.verified", p.runs, len(found), p.audits)
	if fault.Stops(found) {
		return fault.New(fault.Conflict, "evaluation.verify_failed", len(found))
	}
	return nil
}

// parseRef reads HOME/RUN.
func parseRef(text string) (ref Ref, ok bool) {
	home, id, both := strings.Cut(text, "/")
	var err, failed error
	ref.Home, err = strconv.ParseInt(home, 10, 64)
	ref.ID, failed = strconv.ParseInt(id, 10, 64)
	return ref, both && err == nil && failed == nil
}
