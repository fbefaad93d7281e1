package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/mod/modfile"
)

// dependency is a module that the program, its tests or its tools are built from.
type dependency struct {
	path, version string
	own           bool // a file of ours imports it
	licence       string
	holder        string // the first line that claims a copyright
	text          string
}

// read lists the dependencies of the project at root with their licences.
func read(root string) ([]dependency, error) {
	all, err := required(root)
	if err != nil {
		return nil, err
	}
	imported, err := imports(root)
	if err != nil {
		return nil, err
	}
	folders, err := folders(root, all)
	if err != nil {
		return nil, err
	}
	for i := range all {
		d := &all[i]
		d.own = slices.ContainsFunc(imported, func(name string) bool { return owner(all, name) == d.path })
		if d.text, err = licenceText(folders[d.path]); err != nil {
			return nil, fmt.Errorf("%s: %w", d.path, err)
		}
		if d.licence = classify(d.text); d.licence == "" {
			return nil, fmt.Errorf("%s: a licence that this command does not know; read it first", d.path)
		}
		d.holder = holder(d.text)
	}
	return all, nil
}

// required reads the modules that go.mod names, direct and indirect, by path.
func required(root string) ([]dependency, error) {
	name := filepath.Join(root, "go.mod")
	body, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	file, err := modfile.Parse(name, body, nil)
	if err != nil {
		return nil, err
	}
	var all []dependency
	for _, r := range file.Require {
		all = append(all, dependency{path: r.Mod.Path, version: r.Mod.Version})
	}
	slices.SortFunc(all, func(a, b dependency) int { return strings.Compare(a.path, b.path) })
	return all, nil
}

// imports lists what the Go files under root import.
func imports(root string) ([]string, error) {
	seen := map[string]bool{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && path != root && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata") {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(path, ".go") {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, i := range file.Imports {
			name, err := strconv.Unquote(i.Path.Value)
			if err != nil {
				return err
			}
			seen[name] = true
		}
		return nil
	})
	var all []string
	for name := range seen {
		all = append(all, name)
	}
	slices.Sort(all)
	return all, err
}

// owner is the module with the longest path that a package lies in; empty if it is none of them.
func owner(all []dependency, name string) (path string) {
	for _, d := range all {
		if (name == d.path || strings.HasPrefix(name, d.path+"/")) && len(d.path) > len(path) {
			path = d.path
		}
	}
	return path
}

// folders asks go for where the modules lie, and has it fetch those that are not there.
func folders(root string, all []dependency) (map[string]string, error) {
	args := []string{"mod", "download", "-json"}
	for _, d := range all {
		args = append(args, d.path+"@"+d.version)
	}
	command := exec.Command("go", args...)
	command.Dir = root
	out, err := command.Output()
	if err != nil {
		return nil, fmt.Errorf("go mod download: %w\n%s", err, out)
	}
	found := map[string]string{}
	for decoder := json.NewDecoder(bytes.NewReader(out)); ; {
		var m struct{ Path, Dir string }
		if err := decoder.Decode(&m); errors.Is(err, io.EOF) {
			return found, nil
		} else if err != nil {
			return nil, err
		}
		found[m.Path] = m.Dir
	}
}

// licenceNames are names of files that hold a module's own licence. One that lists the licences of
// what the module needs in turn (third party) is not its own: those modules stand in the list too.
var licenceNames = regexp.MustCompile(`(?i)^(licen[cs]e|copying)([-.][^3].*)?$`)

// licenceText joins the licence files in a module's folder.
func licenceText(folder string) (string, error) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return "", err
	}
	var text strings.Builder
	for _, e := range entries {
		if e.IsDir() || !licenceNames.MatchString(e.Name()) {
			continue
		}
		body, err := os.ReadFile(filepath.Join(folder, e.Name()))
		if err != nil {
			return "", err
		}
		text.Write(body)
		text.WriteByte('\n')
	}
	if text.Len() == 0 {
		return "", errors.New("it has no licence file")
	}
	return text.String(), nil
}

// classify names the licences that a text is, by phrases that only they have; empty if none.
func classify(text string) string {
	flat := strings.Join(strings.Fields(text), " ")
	has := func(phrase string) bool { return strings.Contains(flat, phrase) }
	var names []string
	if has("Apache License Version 2.0") || has("Apache License, Version 2.0") {
		names = append(names, "Apache-2.0")
	}
	if has("Permission is hereby granted, free of charge") {
		names = append(names, "MIT")
	}
	if has("Redistribution and use in source and binary forms") {
		names = append(names, map[bool]string{true: "BSD-3-Clause",
			false: "BSD-2-Clause"}[has("ames of its") ||
			has("Neither the name")])
	}
	if has("Mozilla Public License Version 2.0") || has("Mozilla Public License, version 2.0") {
		names = append(names, "MPL-2.0")
	}
	if has("Permission to use, copy, modify, and/or distribute this software") ||
		has("Permission to use, copy, modify, and distribute this software for any purpose") {
		names = append(names, "ISC")
	}
	return strings.Join(names, ", ")
}

var copyright = regexp.MustCompile(`(?m)^[ \t#*/]*(?:Original work )?(Copyright\b.*[0-9(©].*)$`)

// holder is the first line of a licence that claims a copyright; the template in the appendix of the
// Apache licence claims none.
func holder(text string) string {
	for _, m := range copyright.FindAllStringSubmatch(text, -1) {
		line := strings.TrimSpace(m[1])
		if !strings.ContainsAny(line, "[{") && !strings.Contains(line, "owner") {
			return line
		}
	}
	return ""
}
