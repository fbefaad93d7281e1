package gazetteer

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/terrace-project/terrace/internal/modules/territory"
	"github.com/terrace-project/terrace/internal/modules/territory/tree"
	"github.com/terrace-project/terrace/internal/pure/decimal"
	"github.com/terrace-project/terrace/internal/pure/division"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

func (g *Gazetteer) showCommand() *cobra.Command {
	c, at := g.host.Console, ""
	cmd := &cobra.Command{Use: "show PLACE", Short: c.T("gazetteer.command.show"), Args: cobra.ExactArgs(1),
		RunE: g.host.Opened(func(ctx context.Context, args []string) error {
			on, err := g.dayFlag(at)
			if err != nil {
				return err
			}
			p, err := g.places.Resolve(ctx, args[0], on)
			if err != nil {
				return err
			}
			return g.show(ctx, p)
		})}
	cmd.Flags().StringVar(&at, "at", "", c.T("gazetteer.command.at"))
	return cmd
}

func (g *Gazetteer) kindWord(k division.Kind) string {
	if k == division.KindUnknown {
		return g.host.Console.T("territory.kind.unknown")
	}
	return g.host.Console.T("territory.kind." + string(k))
}

func (g *Gazetteer) levelWord(l division.Level) string {
	return g.host.Console.T("territory.level." + l.String())
}

// endWord is the last day of what ends.
func (g *Gazetteer) endWord(until period.Date) string {
	if until == period.Open {
		return g.host.Console.T("gazetteer.open")
	}
	return string(until.AddDays(-1))
}

// show prints who a place is on a day.
func (g *Gazetteer) show(ctx context.Context, p territory.Place) error {
	c := g.host.Console
	around, err := g.places.Around(ctx, p)
	if err != nil {
		return err
	}
	record, err := g.places.Record(ctx, p.ID, p.On)
	if err != nil {
		return err
	}
	rows := [][]string{{c.T("gazetteer.fact.name"), p.Name}, {c.T("gazetteer.fact.number"), fmt.Sprint("#",
		p.ID)},
		{c.T("gazetteer.fact.code"), p.Code}, {c.T("gazetteer.fact.level"), g.levelWord(p.Level)},
		{c.T("gazetteer.fact.kind"), g.kindWord(p.Kind)}}
	if p.Category != 0 {
		number := strconv.Itoa(int(p.Category))
		rows = append(rows, []string{c.T("gazetteer.fact.category"), number + " " +
			c.T("territory.category."+number)})
	}
	if p.Stands {
		rows = append(rows, []string{c.T("gazetteer.fact.trail"), around.Trail},
			[]string{c.T("gazetteer.fact.children"), decimal.Grouped(int64(around.Children), 0)},
			[]string{c.T("gazetteer.fact.villages"), decimal.Grouped(int64(around.Villages), 0)})
	} else {
		rows = append(rows, []string{c.T("gazetteer.fact.stands"), c.T("gazetteer.stands_not",
			string(p.On))})
	}
	for _, a := range record.Areas {
		rows = append(rows, []string{c.T("gazetteer.fact.area"), a.Name(c.Language)})
	}
	c.Table(nil, rows)
	g.showStates(record)
	g.showActs(ctx, record)
	return g.showHeirs(ctx, p)
}

func (g *Gazetteer) showStates(record territory.Record) {
	c := g.host.Console
	var rows [][]string
	for _, s := range record.States {
		rows = append(rows, []string{string(s.Since), g.endWord(s.Until), s.Name, s.Code,
			g.kindWord(s.Kind),
			"#" + strconv.FormatInt(s.Parent, 10)})
	}
	fmt.Fprintln(c.Out)
	c.Table([]string{c.T("gazetteer.column.since"), c.T("gazetteer.column.last"),
		c.T("gazetteer.column.name"),
		c.T("gazetteer.column.code"), c.T("gazetteer.column.kind"), c.T("gazetteer.column.parent")}, rows)
	rows = nil
	for _, k := range record.Codes {
		rows = append(rows, []string{string(k.Since), g.endWord(k.Until), c.T("territory.scheme." +
			string(k.Scheme)), k.Code})
	}
	if rows != nil {
		c.Table(nil, rows)
	}
}

func (g *Gazetteer) showActs(ctx context.Context, record territory.Record) {
	c := g.host.Console
	var rows [][]string
	for _, e := range record.Events {
		mark := ""
		if e.Mark == territory.Unverified {
			mark = c.T("mark.unverified")
		}
		rows = append(rows, []string{string(e.Effective), c.T("territory.act.kind." + string(e.Kind)),
			e.Document,
			e.Note, mark})
		told := 0
		for _, p := range record.Parts[e.ID] {
			if (p.From == record.Place || p.To == record.Place) && told < toldMax {
				told++
				rows = append(rows, []string{"", "", "", g.passed(ctx, c.T, p, e.Effective), ""})
			}
		}
	}
	fmt.Fprintln(c.Out)
	c.Table([]string{c.T("gazetteer.column.on"), c.T("gazetteer.column.act"),
		c.T("gazetteer.column.document"),
		c.T("gazetteer.column.note"), ""}, rows)
}

func (g *Gazetteer) showHeirs(ctx context.Context, p territory.Place) error {
	if p.Stands {
		return nil
	}
	c := g.host.Console
	heirs, err := g.places.Successors(ctx, p.ID, p.On)
	for _, h := range heirs {
		c.Say("gazetteer.command.heir", h.Name, fmt.Sprint("#", h.Place), territory.Percent(h.Share))
	}
	return err
}

func (g *Gazetteer) treeCommand() *cobra.Command {
	c, at, depth := g.host.Console, "", 0
	cmd := &cobra.Command{Use: "tree [PLACE]", Short: c.T("gazetteer.command.tree"),
		Args: cobra.MaximumNArgs(1),
		RunE: g.host.Opened(func(ctx context.Context, args []string) error {
			on, err := g.dayFlag(at)
			if err != nil {
				return err
			}
			t, err := g.places.At(ctx, on)
			if err != nil {
				return err
			}
			root, err := g.rootOf(ctx, t, args)
			if err != nil {
				return err
			}
			g.printTree(t, root, depth)
			return nil
		})}
	cmd.Flags().StringVar(&at, "at", "", c.T("gazetteer.command.at"))
	cmd.Flags().IntVar(&depth, "depth", 2, c.T("gazetteer.command.depth"))
	return cmd
}

// rootOf is the node that a command's argument means; None is the top.
func (g *Gazetteer) rootOf(ctx context.Context, t *tree.Tree, args []string) (tree.Node, error) {
	if len(args) == 0 || args[0] == "" {
		return tree.None, nil
	}
	p, err := g.places.Resolve(ctx, args[0], t.On())
	if err != nil {
		return tree.None, err
	}
	n := t.Find(p.ID)
	if n == tree.None {
		return tree.None, fault.New(fault.NotFound, "territory.absent", p.Name, string(t.On()))
	}
	return n, nil
}

// printTree prints a subtree down to a depth, and how much lies below what is not shown.
func (g *Gazetteer) printTree(t *tree.Tree, root tree.Node, depth int) {
	c := g.host.Console
	var walk func(n tree.Node, deep int)
	walk = func(n tree.Node, deep int) {
		if n != tree.None {
			line := strings.Repeat("  ", deep) + t.Name(n) + "  " + t.Code(n) + "  " + g.kindWord(t.Kind(n))
			if below := int64(t.End(n) - n - 1); below > 0 {
				line += "  (" + c.T("gazetteer.command.below", decimal.Grouped(below, 0)) + ")"
			}
			fmt.Fprintln(c.Out, line)
			deep++
		}
		if depth > 0 && deep > depth {
			return
		}
		for child := range t.Children(n) {
			walk(child, deep)
		}
	}
	walk(root, 0)
}

// diffFlags narrow terrace place diff.
type diffFlags struct {
	in      string
	summary bool
}

func (g *Gazetteer) diffCommand() *cobra.Command {
	c := g.host.Console
	var f diffFlags
	cmd := &cobra.Command{Use: "diff DAY DAY", Short: c.T("gazetteer.command.diff"),
		Args: cobra.ExactArgs(2),
		RunE: g.host.Opened(func(ctx context.Context, args []string) error {
			from, err := g.dayFlag(args[0])
			if err != nil {
				return err
			}
			to, err := g.dayFlag(args[1])
			if err != nil {
				return err
			}
			return g.diff(ctx, from, to, f)
		})}
	cmd.Flags().StringVar(&f.in, "in", "", c.T("gazetteer.command.in"))
	cmd.Flags().BoolVar(&f.summary, "summary", false, c.T("gazetteer.command.summary"))
	return cmd
}

// diff prints what differs between two days, and how much of it there is.
func (g *Gazetteer) diff(ctx context.Context, from, to period.Date, f diffFlags) error {
	before, err := g.places.At(ctx, from)
	if err != nil {
		return err
	}
	after, err := g.places.At(ctx, to)
	if err != nil {
		return err
	}
	root := int64(0)
	if f.in != "" {
		p, err := g.places.Resolve(ctx, f.in, to)
		if err != nil {
			return err
		}
		root = p.ID
	}
	c := g.host.Console
	d := differ{g, before, after, map[string]int{}}
	tree.Diff(before, after, func(change tree.Change) {
		if root != 0 && !within(before, change.Before, root) && !within(after, change.After, root) {
			return
		}
		for _, line := range d.lines(change) {
			if !f.summary {
				fmt.Fprintln(c.Out, line)
			}
		}
	})
	var rows [][]string
	for _, key := range diffKeys {
		rows = append(rows, []string{c.T("gazetteer.diff." + key), decimal.Grouped(int64(d.counts[key]),
			0)})
	}
	c.Table([]string{c.T("gazetteer.diff.total", string(from), string(to)), ""}, rows)
	return nil
}

func within(t *tree.Tree, n tree.Node, root int64) bool {
	top := t.Find(root)
	return n != tree.None && top != tree.None && t.Inside(n, top)
}

var diffKeys = []string{"added", "removed", "renamed", "recoded", "retyped", "moved", "category"}

// differ puts changes into words and counts them.
type differ struct {
	*Gazetteer
	before, after *tree.Tree
	counts        map[string]int
}

func (d differ) lines(ch tree.Change) []string {
	switch {
	case ch.Added:
		return d.line("added", territory.TrailText(d.after, ch.After), d.after.Code(ch.After), "")
	case ch.Removed:
		return d.line("removed", territory.TrailText(d.before, ch.Before), d.before.Code(ch.Before), "")
	}
	where := territory.TrailText(d.after, ch.After)
	var all []string
	add := func(changed bool, key, was, is string) {
		if changed {
			all = append(all, d.line(key, where, was, is)...)
		}
	}
	add(ch.Renamed, "renamed", d.before.Name(ch.Before), d.after.Name(ch.After))
	add(ch.Recoded, "recoded", d.before.Code(ch.Before), d.after.Code(ch.After))
	add(ch.Retyped, "retyped", d.kindWord(d.before.Kind(ch.Before)), d.kindWord(d.after.Kind(ch.After)))
	if ch.Moved {
		add(true, "moved", nameAbove(d.before, ch.Before), nameAbove(d.after, ch.After))
	}
	add(ch.Category, "category", strconv.Itoa(int(d.before.Category(ch.Before))),
		strconv.Itoa(int(d.after.Category(ch.After))))
	return all
}

func nameAbove(t *tree.Tree, n tree.Node) string {
	if p := t.Parent(n); p != tree.None {
		return t.Name(p)
	}
	return ""
}

func (d differ) line(key, where, was, is string) []string {
	d.counts[key]++
	text := d.host.Console.T("gazetteer.diff."+key) + "  " + where + "  " + was
	if is != "" {
		text += " → " + is
	}
	return []string{text}
}
