// Package store keeps everything: one SQL text on two engines, SQLite (embedded, the default) and
// PostgreSQL, chosen by the database URL, and on Citus by distributing the same tables.
//
// # One SQL text
//
// Placeholders are ?; money is BIGINT fen, instants BIGINT microseconds, civil dates TEXT, blobs
// BYTEA, flags BOOLEAN. What truly differs (bulk load, advisory locks, backup) lives here behind
// one name with both sides under one test (package storetest).
//
// # Home
//
// Every row belongs to a home: the county where the matter is at home, or City (0) for what is the
// city's own. home is the first column of every primary key, and ids are numbered per home (NextID).
// On Citus it is the distribution column. Tables declared Reference (places, packs) have no home.
//
// # Writing
//
// Write runs a closure as one transaction and may run it again: after a conflict, after a neighbour
// in the same group failed, and at random in tests. A closure therefore has no effect but through
// its Tx, and takes the time from it. On SQLite one goroutine runs all waiting closures in one
// transaction (group commit): many durable writes share one fsync, without a line of batching in
// the modules. On PostgreSQL closures run concurrently and are retried.
//
// # Invariants
//
//  1. A change that records nothing does not commit: Write fails unless every home whose rows
//     changed has an Event in the same transaction.
//  2. What Write acknowledged is durable, unless the store was opened Unflushed; what it refused changed
//     nothing.
//  3. An event names every row it changed with a salted digest of the row's new content, so that a
//     row altered behind the program's back can be named (package log verifies).
//  4. Rows of a sealed table change only through its Table: raw statements on it are refused.
//  5. Update changes a row only at the version it was read at; otherwise the fault is Stale and
//     nothing changes.
//  6. Readers never wait for writers. A View sees one moment of the database.
//  7. Time, randomness and ids come from the host (Config.Clock, Config.Random).
package store
