// Package gazetteer is the book of places: it shows them to people and programs (pages, API, commands),
// enters acts and areas that officers state, and takes places over from packs.
//
//  1. The names of places are public inside the government: whoever has an account may look for them.
//     What is kept about a place needs territory.read, changing it territory.change there.
//  2. A place is shown as of a day. Groupings (市辖区, 县) are passed over: what lies in them stands in
//     their place. Programs see the tree as it is.
//  3. A code leads to the place it means on a day, or meant last.
//  4. A form of an act that is refused comes back with what was entered, and why it was refused.
//
// # Packs
//
// A pack's places/*.yaml are places, areas and acts. Applying them twice changes nothing twice.
package gazetteer
