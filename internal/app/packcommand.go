package app

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/terrace-project/terrace/internal/platform/pack"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/packs"
)

func (p *Program) packCommand() *cobra.Command {
	t := p.host.Console.T
	cmd := &cobra.Command{Use: "pack", Short: t("command.pack")}
	cmd.AddCommand(
		&cobra.Command{Use: "list", Short: t("command.pack.list"), Args: cobra.NoArgs,
			RunE: func(*cobra.Command, []string) error { return p.listPacks() }},
		&cobra.Command{Use: "show [KEY]", Short: t("command.pack.show"), Args: cobra.MaximumNArgs(1),
			RunE: func(_ *cobra.Command, args []string) error { return p.showPack(args) }},
		&cobra.Command{Use: "test [DIR]", Short: t("command.pack.test"), Args: cobra.MaximumNArgs(1),
			RunE: func(_ *cobra.Command, args []string) error { return p.testPack(args) }},
	)
	return cmd
}

// listPacks prints the packs of the program, and the chain of the one in force.
func (p *Program) listPacks() error {
	c := p.host.Console
	all, err := pack.NewLibrary(packs.Files).List()
	if err != nil {
		return err
	}
	read, err := pack.NewLibrary(packs.Files).Read(p.host.Config.Text("pack"))
	if err != nil {
		return err
	}
	inForce := map[string]bool{}
	for _, m := range read.Chain() {
		inForce[m.Key] = true
	}
	if chain := read.Chain(); !containsManifest(all, chain[0].Key) {
		all = append(all, chain[0])
	}
	var rows [][]string
	for _, m := range all {
		force := ""
		if inForce[m.Key] {
			force = c.T("app.pack.in_force")
		}
		rows = append(rows, []string{m.Key, m.Title.In(c.Language), string(m.Version), m.Parent,
			string(m.City),
			force})
	}
	c.Table([]string{c.T("app.pack.key"), c.T("app.pack.title"), c.T("app.pack.version"),
		c.T("app.pack.parent"), c.T("app.pack.city"), ""}, rows)
	return nil
}

func containsManifest(all []pack.Manifest, key string) bool {
	for _, m := range all {
		if m.Key == key {
			return true
		}
	}
	return false
}

// showPack prints the parameters in force today, or all that stands under one key and what it
// overrides.
func (p *Program) showPack(args []string) error {
	read, err := p.readPack(p.host.Config.Text("pack"))
	if err != nil {
		return err
	}
	if len(args) == 0 {
		p.showParameters(read)
		return nil
	}
	found := read.Find(args[0])
	if len(found) == 0 {
		return fault.New(fault.NotFound, "app.pack.no_key", args[0])
	}
	c := p.host.Console
	for _, e := range found {
		fmt.Fprintf(c.Out, "%s:%d\n%s\n", e.File(), e.Line, indented(e.Text()))
		for below := e.Overrides; below != nil; below = below.Overrides {
			c.Say("app.pack.overrides", fmt.Sprintf("%s:%d", below.File(), below.Line))
			fmt.Fprintln(c.Out, indented(below.Text()))
		}
	}
	return nil
}

func indented(text string) string { return "  " + strings.ReplaceAll(text, "\n", "\n  ") }

// showParameters prints every parameter as it holds today for the whole city.
func (p *Program) showParameters(read *pack.Pack) {
	c := p.host.Console
	var rows [][]string
	for _, q := range read.Parameters() {
		value, mark, file := "–", "", ""
		if v, err := read.Value(q.Key, p.host.Today(), read.City()); err == nil {
			value = strings.TrimSpace(string(v.Value) + " " + v.Unit.In(c.Language))
			mark, file = c.T("mark."+string(v.Mark)), fmt.Sprintf("%s:%d", v.File, v.Line)
		}
		rows = append(rows, []string{q.Key, value, mark, q.Title.In(c.Language), file})
	}
	c.Table([]string{c.T("app.pack.key"), c.T("app.pack.value"), c.T("app.pack.mark"),
		c.T("app.pack.title"),
		c.T("app.pack.from")}, rows)
}

// testPack checks a pack and tries its examples. Findings are printed with file and line.
func (p *Program) testPack(args []string) error {
	name := p.host.Config.Text("pack")
	if len(args) == 1 {
		name = args[0]
	}
	read, err := pack.NewLibrary(packs.Files).Read(name)
	if err != nil {
		return err
	}
	c := p.host.Console
	findings, tried := read.Test(p.sections())
	wrong := 0
	for _, f := range findings {
		if f.Severity == fault.Error {
			wrong++
		}
		at := f.Sheet
		if f.Row > 0 {
			at += ":" + strconv.Itoa(f.Row)
		}
		text := c.Dictionary.Text(c.Language, f.Key, f.Args...)
		fmt.Fprintf(c.Out, "%s: %s: %s\n", at, c.T("severity."+string(f.Severity)), text)
	}
	c.Say("app.pack.tested", read.Key(), len(read.All()), tried, wrong)
	if wrong > 0 {
		return fault.New(fault.Invalid, "app.pack.wrong", read.Key(), wrong)
	}
	return nil
}
