// Package demo builds a city to try Terrace with: its places, collectives, property, people and the
// checks of its years, from a scale and a seed.
//
// Everything is made up (package invent) but the county units, their groups and the adjustment of
// 2025/2026, which are the pack's. The city is entered the way a real one would be: by the
// program's own services, with every change in the log.
//
// # Time
//
// The builder has a clock of its own (Clock). It moves from episode to episode (Episode), so that what
// happened in 2024 was written in 2024. The finished city is served by the host's clock.
//
// What passes to another county with the adjustment of 2026-01-25 is taken over on that day
// and not before: rows lie under the county they belong to (package territory, Rehomed), so the new
// district begins with its own books instead of with rows under one that was abolished.
//
// # The annual check of 2025
//
// It is the city's main story (checkEpisodes): opened by every county on 2025-12-01, counted on
// 2026-01-08, and left on 2026-03-06 with something at every stage. A plan says of each check how far it
// comes and what goes wrong; two counties are locked, two report, and in the others most are approved.
// Whatever happens is done by the person whose duty it is, through the same services as anywhere else,
// but some dozens of checks of a county in one transaction. What the adjustment has moved is opened late,
// in its present county, because its books begin there.
//
// The balance of an organisation holds: the team enters money, claims and debts, and the equity that
// makes assets net of depreciation equal liabilities and equity, unless it was planted otherwise.
//
// # The regular reports
//
// Eight counties report by the forms of the pack (returnEpisodes): the one whose people are printed, three
// that are done with their check, and four whose books are all there in January. They order the annual
// statistics of 2025 in January, the first that is done also the month of December and the fourth quarter;
// the books they are drawn from are taken over early for whoever was counted in time. By the last day the
// annual statistics of one county that is done, and of the four, are accepted and locked: from them and the
// statistics of 2025 the level index of that year is drawn. One county's wait for the city, in one the
// townships compile, and in the county whose people are printed they stand everywhere.
//
// # Invariants
//
//  1. The same scale, seed and pack give the same database: the same rows, events, salts, keys and
//     heads of the log. Randomness is drawn from the seed (Random), time from the clock. Only row
//     contents count: the bytes of the database file are the engine's own.
//  2. Because of that nothing in a demo city is secret: whoever knows the seed knows its keys
//     and its password. The mark of such a city is the first event of its log, so that it cannot pass
//     for a real one.
//  3. An unfinished city is never opened. A SQLite file is built under another name and takes its own
//     when it is done; on PostgreSQL the mark without its end refuses.
//  4. A database that is no demo city of the same scale, seed and pack is never written to.
//  5. Every fault planted (Answer) is told in the answer key beside the database, with the rule it
//     breaks and where it is found.
//  6. Persons are separated: nobody who counts or confirms reviews, nobody who reviews approves, in
//     every county.
//
// # Adding to the city's history
//
// An Episode is a day and what happens on it; City.episodes lists them, and Build runs them in the order
// of their days, the log sequenced after each. It gets the City: services (Modules, Host), people with
// accounts (Cast; As gives the actor who holds a role at a place), collectives (Ledger, grouped by
// county), clock (Move, Clock.Pass) and answer key (Answers). Collectives of what the adjustment moves
// are in the Ledger only from that day on.
package demo
