// Package intakepage is what people and programs see of files that are taken in: choose a file, look at
// what was found with its cells, let it take effect, watch how far it is, take it back. Package intake
// does the work; a module declares what is special to its files, and has pages, commands and operations.
//
//	files := &intakepage.Files{Host: host, Name: "PumpImport", Texts: "pumps", Job: "pumps.import",
//		Permit: Change, At: "/pump-imports/{home}/{id}", Ours: …,
//		KindOf: …, About: …, Frame: …}
//	manifest.Module{Pages: files.Routes(), JobKinds: files.Jobs(), …}
//
// # Worked example
//
// An accountant opens /pumps/import, takes the template, fills in two pumps and sends it. The file is
// staged and checked: the page of the file, /pump-imports/500102/1, shows that row 3 names a pump twice.
// She mends the row and sends the file again; it is another file and has a page of its own. “Enter the
// pumps” orders the job pumps.import, and the page shows how far it is until both rows have taken effect.
//
// # Invariants
//
//  1. A page, operation or job is about files of its own module only; any other looks as if it were not
//     there. Who may see or do something is asked by package intake, at the place of the file.
//  2. Sending changes nothing but the file that waits. A file that is sent again is found, and checked
//     again while it waits, for what it is held against may have changed.
//  3. Nothing is ordered that could not take effect: with errors, with warnings nobody explained, or in
//     a state from which it does not start (intake.Releasable).
//  4. The job acts in the name of whoever ordered it, with the posts of the day on which it runs.
//  5. With Keep the file itself is kept, once, with an event; then a copy in whose cells the findings
//     stand can be taken away.
//  6. Two severities, three formats and two languages give the same findings in the same order: page,
//     list to take away, command and operation read them from one place.
package intakepage
