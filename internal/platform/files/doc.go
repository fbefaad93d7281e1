// Package files keeps evidence: photos of assets, contracts, minutes, statements.
//
// A file has two halves. Its bytes lie on disk under their SHA-256 (files/ab/cdef…) and never change;
// the same bytes are kept once. Its row says what it is evidence of, who put it there, when and where
// it was taken, and is sealed like any other: a file that is exchanged, on disk or in the database, is
// named by terrace verify.
//
// The bytes come first (Put), then the row in the transaction of what it belongs to (Attach): a crash
// between the two leaves bytes without a row, which verify notes, never a row without bytes.
//
// # What is taken
//
// JPEG, PNG, PDF, XLSX, DOCX and plain text (CSV, TXT), told from the content, never from the name.
// WebP and HEIC are refused with advice: they can carry positions in ways that a re-encoding of ours
// would have to know, and every phone writes JPEG. Documents with macros are refused.
//
// # Pictures
//
// A picture's size is looked at before it is decoded, and what decoding would cost is bounded
// (DecodeMax), so that a small file cannot fill the memory. Position, time and orientation are read
// from its EXIF block when it arrives (package exif). The thumbnail and the published copy are made from
// its pixels alone, turned the right way up: no position, no name of a camera, no owner leaves the
// house with them (domain: rules-of-data.md §4). The original keeps everything, as evidence.
//
// # Invariants
//
//  1. A row's bytes exist and have its hash and size (Verify).
//  2. Who asks for a file is judged by the owner of its subject (Guard). Without a guard: no.
//  3. What is public is a stripped picture that somebody published; never an original.
//  4. A position is sensitive (class S3) and stands encrypted in the row. The original picture on disk
//     still has it: the folder belongs to the service's account alone, and its disk should be encrypted.
//  5. A file is either wholly on disk under its final name or not there: it is written beside, forced
//     to disk, and then renamed.
package files
