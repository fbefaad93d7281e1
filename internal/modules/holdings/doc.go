// Package holdings is where people and programs meet the cards of package assets: the list, the page of
// a card and the forms of what can be done to it, labels, files of many cards, API and commands.
//
// It owns no table. What a card is and how it may change stands in package assets; nothing here writes
// but through the use cases there. It is a module of its own because cards are needed by others (the
// annual check) that show none of these pages.
//
// # Invariants
//
//  1. What lies outside the reader's places looks as if it were not there: on pages, in lists, sums,
//     labels and the API. A card at the other end of a link that the reader may not see has no name.
//  2. A list counts and adds up everything it finds, or says that it did not. Where a text is looked
//     for in more cards than one page may cost, the page says so and goes on from there.
//  3. A file of cards is checked whole before any of it takes effect (package intake).
//  4. An area nobody changed on a page stays exact: pages show mu, cards hold 0.01 m².
package holdings
