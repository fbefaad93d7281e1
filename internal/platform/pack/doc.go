// Package pack reads what differs between provinces and years: thresholds, calendars, forms, roles,
// procedures. All of it is YAML that can be read, dated and tested. A city adopts Terrace by writing
// a pack, not code.
//
// # A pack
//
// A pack is a folder with a pack.yaml (key, parent, title, version, city). The program brings
// national, chongqing and ezhou; any other folder can be named instead of a key (--pack DIR), and its
// parent is one of these or a folder beside it. A pack lies over its parent.
//
// # Entries
//
// A file of a pack is made of entries, each with a key:
//
//	parameters:                      a list of entries under a name,
//	  - key: check.notice_days
//	    …
//
//	key: assets.fixed                or one entry that is the whole file.
//	fields: …
//
// A file without any key is one entry called after its path. Files of the same path are merged: an
// entry of the nearer pack replaces the entry of the same key below it, whole, and remembers it
// (Entry.Overrides), so that terrace pack show tells which pack a value comes from and what it
// would otherwise be.
//
// # Sections
//
// What a file means is known by the part of the program that owns it: it registers a Section with
// the path of its files and a check. Package pack knows only parameters and calendars.
//
// # Invariants
//
//  1. Nothing is guessed. A field nobody knows, a key that stands twice, an anchor or alias, a file
//     too large: each is a finding with file and line, and a pack with an error does not start.
//  2. A parameter that is not set on a day is an error (pack.unset), never a default hidden in code.
//  3. A value carries its basis and its mark. What is unverified stays marked wherever it is shown.
//  4. The nearest region wins; within it, the latest value that holds from the day or before it.
//  5. A working-day calendar of a year leaves exactly the days off that the law gives.
//
// Worked example: on 2025-12-31 check.notice_days is 7 everywhere; a pack that says
//
//	{from: 2025-01-01, region: "500102", value: 10, …}
//
// makes it 10 in Fuling (500102) and whatever lies in it, and leaves 7 elsewhere.
package pack
