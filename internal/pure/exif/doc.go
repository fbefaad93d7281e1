// Package exif reads what a camera wrote beside a picture: which way up it is, when it was taken
// and where. It reads bytes that anybody can upload, so it trusts none of them.
//
// Only three facts are of use as evidence in a yearly check, and only these are read: the
// orientation, DateTimeOriginal with its offset, and the GPS position (EXIF 2.32, TIFF 6.0). The
// position of a house is sensitive (class S3, domain: rules-of-data.md): whoever publishes a
// picture publishes it without.
//
// # Invariants
//
//  1. Read never panics, never loops, and allocates no more than a few hundred bytes, whatever it
//     is given: a fuzz test holds it to that. Every offset is checked against the block it lies in.
//  2. A position is whole micro-degrees (about 11 cm), computed without floating point, and is
//     either on the globe or absent.
//  3. What cannot be read is absent, never guessed. A time without an offset is Beijing time.
package exif
