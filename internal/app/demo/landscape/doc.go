// Package landscape makes up the townships, villages and groups of a made-up city, below the county
// units that are the pack's: as many as its scale says, with names and codes as real ones have. The same
// scale, seed and counties give the same places.
package landscape
