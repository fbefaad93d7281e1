package exif

import (
	"bytes"
	"encoding/binary"
	"iter"
)

// Block finds the TIFF block with the EXIF fields in the head of a JPEG or PNG file; nil if there
// is none. The head should reach to the pixels: 256 KB do for every camera.
func Block(head []byte) []byte {
	for marker, body := range Segments(head) {
		if rest, ok := bytes.CutPrefix(body, []byte("Exif\x00\x00")); ok && marker == markerAPP1 {
			return rest
		}
	}
	for kind, body := range chunks(head) {
		if kind == "eXIf" {
			return body
		}
	}
	return nil
}

// Markers of JPEG segments.
const (
	markerAPP1 = 0xe1
	markerSOS  = 0xda
	markerEOI  = 0xd9
	// MarkerProgressive begins a frame whose picture comes in passes: a decoder keeps all its
	// coefficients in memory.
	MarkerProgressive = 0xc2
)

// Segments walks the segments of a JPEG file up to its pixels. Anything else has none.
func Segments(head []byte) iter.Seq2[byte, []byte] {
	return func(yield func(byte, []byte) bool) {
		if len(head) < 4 || head[0] != 0xff || head[1] != 0xd8 {
			return
		}
		rest := head[2:]
		for len(rest) >= 4 && rest[0] == 0xff {
			marker := rest[1]
			if marker == 0xff { // padding
				rest = rest[1:]
				continue
			}
			if marker == markerSOS || marker == markerEOI {
				return
			}
			length := int(binary.BigEndian.Uint16(rest[2:]))
			if length < 2 || 2+length > len(rest) {
				return
			}
			if !yield(marker, rest[4:2+length]) {
				return
			}
			rest = rest[2+length:]
		}
	}
}

const pngSignature = "\x89PNG\r\n\x1a\n"

// chunks walks the chunks of a PNG file up to its pixels.
func chunks(head []byte) iter.Seq2[string, []byte] {
	return func(yield func(string, []byte) bool) {
		rest, ok := bytes.CutPrefix(head, []byte(pngSignature))
		for ok && len(rest) >= 12 {
			length := uint64(binary.BigEndian.Uint32(rest))
			kind := string(rest[4:8])
			if 12+length > uint64(len(rest)) || kind == "IDAT" {
				return
			}
			if !yield(kind, rest[8:8+length]) {
				return
			}
			rest = rest[12+length:]
		}
	}
}
