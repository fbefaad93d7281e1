package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var root = filepath.Join("..", "..", "..")

// line is a module in the page.
var line = regexp.MustCompile(`(?m)^\| (\S+) \| (v\S+) \| (\S.*?) \|`)

// TestThePageIsComplete: docs/licences.md names exactly the modules of go.mod, each in its version.
func TestThePageIsComplete(t *testing.T) {
	want, err := required(root)
	if err != nil {
		t.Fatal(err)
	}
	if len(want) < 10 {
		t.Fatalf("go.mod names only %d modules: the test does not see it", len(want))
	}
	body, err := os.ReadFile(filepath.Join(root, page))
	if err != nil {
		t.Fatal(err)
	}
	var named []string
	for _, m := range line.FindAllStringSubmatch(string(body), -1) {
		named = append(named, m[1]+" "+m[2])
	}
	for _, d := range want {
		key := d.path + " " + d.version
		if !slices.Contains(named, key) {
			t.Errorf("%s lacks %s: go run ./internal/tools/licences", page, key)
		}
	}
	if len(named) != len(want) {
		t.Errorf("%s names %d modules and go.mod %d: go run ./internal/tools/licences", page, len(named),
			len(want))
	}
}

// TestEmbeddedWorksAreNamed: what others wrote and lies in our tree has its licence beside the page.
func TestEmbeddedWorksAreNamed(t *testing.T) {
	body, err := os.ReadFile(filepath.Join(root, page))
	if err != nil {
		t.Fatal(err)
	}
	works, err := filepath.Glob(filepath.Join(root, "internal/platform/web/static/*.min.js"))
	if err != nil || len(works) == 0 {
		t.Fatal("no embedded work was found", err)
	}
	for _, work := range works {
		name := filepath.Base(work)
		if !strings.Contains(string(body), "/"+name) {
			t.Errorf("%s does not name %s", page, name)
		}
		text := filepath.Join(root, "docs/licences", strings.TrimSuffix(name, ".min.js")+".txt")
		if info, err := os.Stat(text); err != nil || info.Size() == 0 {
			t.Errorf("%s has no licence text: %v", name, err)
		}
	}
}

func TestClassify(t *testing.T) {
	const bsd = "Redistribution and use in source and\nbinary forms, with or without modification\n"
	for text, want := range map[string]string{
		"  Apache License\n   Version 2.0, January 2004":                            "Apache-2.0",
		"MIT License\nPermission is hereby granted, free\nof charge, to any person": "MIT",
		bsd + "Neither the name of Google":                                          "BSD-3-Clause",
		bsd + "AS IS":                                                               "BSD-2-Clause",
		"Mozilla Public License Version 2.0\n==":                                    "MPL-2.0",
		"All rights reserved. Do not copy.":                                         "",
	} {
		if got := classify(text); got != want {
			t.Errorf("%q is taken for %q, not %q", text, got, want)
		}
	}
}

func TestOwnerIsTheLongestModule(t *testing.T) {
	all := []dependency{{path: "a.org/x"}, {path: "a.org/x/v2"}, {path: "a.org/xy"}}
	for name, want := range map[string]string{"a.org/x/v2/p": "a.org/x/v2", "a.org/x/p": "a.org/x",
		"a.org/xy": "a.org/xy", "a.org/xyz": "", "fmt": ""} {
		if got := owner(all, name); got != want {
			t.Errorf("%s belongs to %q, not %q", name, got, want)
		}
	}
}

func TestHolder(t *testing.T) {
	for text, want := range map[string]string{
		"MIT\n\nCopyright (c) 2014 A. Person\n":                             "Copyright (c) 2014 A. Person",
		"   Copyright [yyyy] [name of copyright owner]\n":                   "",
		"\"Licensor\" shall mean the copyright owner\nCopyright 2020 Works": "Copyright 2020 Works",
	} {
		if got := holder(text); got != want {
			t.Errorf("%q: %q, not %q", text, got, want)
		}
	}
}
