// Package operations shows what the machinery does: jobs to everybody who has some, and to the system
// administrator the state of the installation, its backups and the pack in force.
//
// # Who sees what
//
//   - A job is seen by who ordered it, and by who has jobs.read at its place; stopped by who ordered it, and
//     by who has jobs.manage there. Jobs of the program itself, which are at no place, are the system
//     administrator's.
//   - Everything else is for those with operations.read, the system administrator. It holds no personal
//     data: counts, names of files and of places in packs.
//
// # Invariants
//
//  1. A page that shows something running loads itself again, without a script, until it is over.
//  2. A figure that cannot be read is shown as such and never as 0.
//  3. A value of a pack is shown with its basis, where it comes from and whether it is verified.
package operations
