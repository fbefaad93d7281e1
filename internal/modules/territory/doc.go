// Package territory keeps the places: a dated tree whose members have an identity that outlives their
// code, name, parent and kind.
//
// # Words
//
//   - A place (地方) is one body of the tree, known by a number that never changes. Everything in
//     Terrace refers to it by that number, never by a code.
//   - A state is what held of it from a day to another: parent, level, kind, name, code, category.
//   - An act (变更事件) is what changed it: establish, abolish, rename, retype, recode, merge, split,
//     transfer, boundary. It is effective on a day, which may lie before or after the day it is
//     entered, and cites a document.
//   - An edition (版本) is an official list of codes as of a day. The first one is taken as it is;
//     later ones are compared with what stands (package edition).
//   - An area (片区) is a named, dated set of places that need not be a rung of the tree: a cluster of
//     counties, an alliance with members outside the city, a statistical body that is no division.
//   - The home of a place is its county-level ancestor; 0 stands for what lies above (City).
//
// # Invariants (terrace verify proves 1 to 6 again)
//
//  1. States of one place do not overlap, and are not empty.
//  2. On every day each parent stands, is of a higher level, and no place lies in itself.
//  3. place_path is today's tree: the path of each standing place and its home, and nothing else.
//  4. A code means one place at a time in its scheme; at another time it may mean another (500110 was
//     万盛 before 2011 and is 綦江 since).
//  5. The shares of an act sum to the whole for each place and basis.
//  6. Every state began by an act or an edition that is there.
//  7. Nothing is lost: an act closes states and opens others, it never overwrites one, save for a
//     correction effective on the very day the state began. What a code meant last still resolves.
//  8. An import killed at any row and run again gives what one clean run gives.
//
// Basis: GB/T 2260, GB/T 10114; the statistics office's rules for codes and urban-rural classes
// (统计用区划代码和城乡划分代码编制规则); 行政区划管理条例 (State Council Decree 704, 2019) for who approves a change
// and that it is notified with a document.
//
// # For other modules
//
// Today, At, Home, Name, Place, Around, ByCode, Areas, Successors, Restate, Rehomed and Load are the
// exported questions. SQL joins place_path on place for access (path) and for the home. A transfer across
// counties leaves rows of other modules under their old home: Rehomed says which places those are,
// from the acts; the command that moves the rows uses it.
//
// Example (territory.md 2): on 2026-01-25 Jiangbei and Yubei are abolished and Liangjiang is
// established. Asked for 2025-12-31 the city has 38 county units, for 2026-01-25 it has 37; both
// answers stay what they are.
package territory
