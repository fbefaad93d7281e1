package pack

import (
	"io/fs"
	"path"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Entry is one keyed thing of a pack, and where it comes from.
type Entry struct {
	Path      string // parameters.yaml, forms/fixed.yaml
	List      string // the list it stands in; "" if it is the whole file
	Key       string
	Pack      string // the pack it comes from
	Line      int
	Overrides *Entry // the entry of this key in the pack below; nil if there is none

	from  *source
	place int // among the parts of its source
}

// node is the entry as it was read.
func (e *Entry) node() ast.Node { return e.from.parts()[e.place].node }

// Decode fills a value from the entry. A field that the value does not have is an error, as is a value
// of the wrong kind; Fault tells it with file and line.
func (e *Entry) Decode(into any) error { return decode(e.node(), into) }

// File is the entry's file with the pack it lies in.
func (e *Entry) File() string { return e.Pack + "/" + e.Path }

// At puts a finding at the entry's first line.
func (e *Entry) At(f fault.Finding) fault.Finding { return f.At(e.File(), e.Line, "") }

// Problem is an error of Decode as a finding at the line where it occurred.
func (e *Entry) Problem(err error) fault.Finding {
	at := lineOf(err)
	if at == 0 {
		at = e.Line
	}
	return finding(err).At(e.File(), at, "")
}

// Text is the entry as it is written.
func (e *Entry) Text() string { return e.node().String() }

// Limits of a pack.
const (
	FileMax    = 1 << 20 // bytes a file
	FilesMax   = 2000
	EntriesMax = 100_000
	nestingMax = 50 // of brackets and braces: the reader is recursive
)

// identity is what makes two entries of different packs the same thing.
type identity struct{ path, list, key string }

// reading collects the entries of one pack of the chain.
type reading struct {
	layer    layer
	entries  []*Entry
	findings []fault.Finding
}

func (r *reading) add(f fault.Finding, file string, line int) {
	r.findings = append(r.findings, f.At(r.layer.Key+"/"+file, line, ""))
}

// readLayer reads all files of one pack.
func readLayer(l layer) *reading {
	r := &reading{layer: l}
	files := 0
	err := fs.WalkDir(l.files, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && name != "." && strings.HasPrefix(d.Name(), "."):
			return fs.SkipDir
		case d.IsDir() || name == manifestFile || path.Ext(name) != ".yaml":
			return nil
		}
		if files++; files > FilesMax {
			r.add(fault.Wrong("pack.files", FilesMax), name, 0)
			return fs.SkipAll
		}
		r.file(name)
		return nil
	})
	if err != nil {
		r.add(fault.Wrong("pack.syntax", err.Error()), ".", 0)
	}
	return r
}

func (r *reading) file(name string) {
	info, err := fs.Stat(r.layer.files, name)
	if err == nil && info.Size() > FileMax {
		r.add(fault.Wrong("pack.file_size", FileMax), name, 0)
		return
	}
	text, err := fs.ReadFile(r.layer.files, name)
	if err != nil {
		r.add(fault.Wrong("pack.syntax", err.Error()), name, 0)
		return
	}
	if deep(text) {
		r.add(fault.Wrong("pack.nesting", nestingMax), name, 0)
		return
	}
	body, err := parse(text)
	if err != nil {
		r.add(finding(err), name, lineOf(err))
		return
	}
	from, all := newSource(name, text, body)
	before := len(r.entries)
	for i, p := range all {
		if p.key == "" {
			r.add(fault.Wrong("pack.no_key"), name, line(p.node))
			continue
		}
		r.entries = append(r.entries, &Entry{Path: name, List: p.list, Key: p.key, Pack: r.layer.Key,
			Line: line(p.node), from: from, place: i})
	}
	r.twice(r.entries[before:])
}

// deep reports whether brackets and braces open more often than they may, or lines are indented
// deeper than anything people write.
func deep(text []byte) bool {
	depth, most, indent, most2 := 0, 0, 0, 0
	start := true
	for _, c := range text {
		switch {
		case c == '[' || c == '{':
			depth++
		case c == ']' || c == '}':
			depth = max(0, depth-1)
		}
		switch {
		case c == '\n':
			start, indent = true, 0
		case start && (c == ' ' || c == '-' || c == '?' || c == ':'):
			indent++
		default:
			start = false
		}
		most, most2 = max(most, depth), max(most2, indent)
	}
	return most > nestingMax || most2 > 4*nestingMax
}

// twice names keys that stand twice in one list.
func (r *reading) twice(entries []*Entry) {
	seen := map[identity]int{}
	for _, e := range entries {
		id := identity{e.Path, e.List, e.Key}
		if first, ok := seen[id]; ok {
			r.findings = append(r.findings, e.At(fault.Wrong("pack.twice", e.Key, first)))
			continue
		}
		seen[id] = e.Line
	}
}
