// Package setting is what a made-up city is before anything is in it: its scale, its seed, the clock that
// stands still until it is moved, the randomness that follows from scale and seed, and the mark in its log
// that tells it from a real one.
package setting
