package gazetteer

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"github.com/terrace-project/terrace/internal/modules/territory"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// eventFlags state an act on the command line.
type eventFlags struct {
	on, document, note            string
	name, kind, code, scheme      string
	parent, basis                 string
	places, into                  []string
	none, descendants, unverified bool
}

func (g *Gazetteer) eventCommand() *cobra.Command {
	c := g.host.Console
	var f eventFlags
	cmd := &cobra.Command{Use: "event KIND PLACE", Short: c.T("gazetteer.command.event"),
		Long: c.T("gazetteer.command.event.long"), Args: cobra.ExactArgs(2),
		RunE: g.host.Opened(func(ctx context.Context, args []string) error {
			e, err := g.eventEntry(ctx, args, f)
			if err != nil {
				return err
			}
			place, err := g.Enter(ctx, e)
			if err != nil {
				return err
			}
			c.Say("gazetteer.command.entered", c.T("territory.act.kind."+args[0]), string(e.On))
			p, err := g.places.Place(ctx, place, e.On)
			if err != nil {
				return err
			}
			return g.show(ctx, p)
		})}
	flags := cmd.Flags()
	for _, text := range []struct {
		into      *string
		name, key string
	}{{&f.on, "on", "on"}, {&f.document, "document", "document"}, {&f.note, "note", "note"},
		{&f.name, "name", "name"}, {&f.kind, "type", "type"}, {&f.code, "code", "code"},
		{&f.scheme, "scheme", "scheme"}, {&f.parent, "parent", "parent"}, {&f.basis, "basis", "basis"}} {
		flags.StringVar(text.into, text.name, "", c.T("gazetteer.act."+text.key))
	}
	flags.StringArrayVar(&f.places, "with", nil, c.T("gazetteer.act.places"))
	flags.StringArrayVar(&f.into, "into", nil, c.T("gazetteer.command.into"))
	flags.BoolVar(&f.none, "none", false, c.T("gazetteer.act.none"))
	flags.BoolVar(&f.descendants, "descendants", false, c.T("gazetteer.act.descendants"))
	flags.BoolVar(&f.unverified, "unverified", false, c.T("mark.unverified"))
	return cmd
}

func (g *Gazetteer) eventEntry(ctx context.Context, args []string, f eventFlags) (Entry, error) {
	e := Entry{Kind: territory.Kind(args[0]), Name: f.name, Code: f.code,
		Scheme: territory.Scheme(f.scheme),
		Basis:  f.basis, None: f.none, Descendants: f.descendants}
	e.Document, e.Note = f.document, f.note
	if f.unverified {
		e.Mark = territory.Unverified
	}
	var err error
	if e.On, err = g.dayFlag(f.on); err != nil {
		return e, err
	}
	if e.Place, err = g.one(ctx, e.On, args[1]); err != nil {
		return e, err
	}
	if e.Level, e.Type, err = typeOf(f.kind); err != nil {
		return e, err
	}
	if e.Parent, err = g.one(ctx, e.On, f.parent); err != nil {
		return e, err
	}
	if e.Places, err = g.named(ctx, e.On, f.places); err != nil {
		return e, err
	}
	for _, text := range f.into {
		t, err := g.intoFlag(ctx, e.On, text)
		if err != nil {
			return e, err
		}
		e.Into = append(e.Into, t)
	}
	if e.Kind == territory.Merging && e.Name != "" {
		e.Into = []Target{{New: territory.NewPlace{Name: e.Name, Kind: e.Type, Code: e.Code}}}
	}
	return e, nil
}

// intoFlag reads PLACE or PLACE=SHARE, the share in per cent. new:NAME is a new place.
func (g *Gazetteer) intoFlag(ctx context.Context, on period.Date, text string) (t Target, err error) {
	place, share, shared := strings.Cut(text, "=")
	if shared {
		if t.Share, err = shareOf(share); err != nil {
			return t, err
		}
	}
	if name, isNew := strings.CutPrefix(place, "new:"); isNew {
		t.New.Name = name
		return t, nil
	}
	t.Place, err = g.one(ctx, on, place)
	return t, err
}
