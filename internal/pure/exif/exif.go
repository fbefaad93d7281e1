package exif

import (
	"encoding/binary"
	"time"

	"github.com/terrace-project/terrace/internal/pure/period"
)

// Info is what a camera wrote. The zero Info says nothing.
type Info struct {
	// Orientation is 1 to 8 as EXIF counts them; 0 if it is not told.
	Orientation int
	Taken       period.Instant // 0: not told
	Position    Position
}

// Position is a point on the globe (WGS 84) in whole micro-degrees; north and east are positive.
type Position struct {
	Known               bool
	Latitude, Longitude int64
}

// Read finds the EXIF block in the head of a JPEG or PNG file and reads it.
func Read(head []byte) Info {
	block := Block(head)
	if block == nil {
		return Info{}
	}
	t, first, ok := openTIFF(block)
	if !ok {
		return Info{}
	}
	var info Info
	main := t.directory(first)
	if n, ok := t.number(main[tagOrientation]); ok && n >= 1 && n <= 8 {
		info.Orientation = int(n)
	}
	if at, ok := t.number(main[tagEXIF]); ok {
		camera := t.directory(at)
		info.Taken = instant(t.text(camera[tagTaken]), t.text(camera[tagOffset]))
	}
	if at, ok := t.number(main[tagGPS]); ok {
		info.Position = t.position(t.directory(at))
	}
	return info
}

// The tags that are read.
const (
	tagOrientation  = 0x0112
	tagEXIF         = 0x8769
	tagGPS          = 0x8825
	tagTaken        = 0x9003
	tagOffset       = 0x9011
	tagLatitudeRef  = 1
	tagLatitude     = 2
	tagLongitudeRef = 3
	tagLongitude    = 4
)

// tiff is a block in which offsets count from its start.
type tiff struct {
	data  []byte
	order binary.ByteOrder
}

// entry is one field of a directory: its kind, how many values, and the four bytes that hold them or
// say where they are.
type entry struct {
	kind  uint16
	count uint32
	value []byte
}

func openTIFF(data []byte) (t tiff, first uint32, ok bool) {
	if len(data) < 8 {
		return t, 0, false
	}
	switch string(data[:4]) {
	case "II*\x00":
		t.order = binary.LittleEndian
	case "MM\x00*":
		t.order = binary.BigEndian
	default:
		return t, 0, false
	}
	t.data = data
	return t, t.order.Uint32(data[4:]), true
}

// entriesMax bounds a directory; cameras write a few dozen fields.
const entriesMax = 512

// directory reads the fields of the directory at an offset; nil if there is none.
func (t tiff) directory(at uint32) map[uint16]entry {
	head := t.bytes(at, 2)
	if head == nil {
		return nil
	}
	fields := map[uint16]entry{}
	for i := range min(uint32(t.order.Uint16(head)), entriesMax) {
		field := t.bytes(at+2+12*i, 12)
		if field == nil {
			break
		}
		tag := t.order.Uint16(field)
		if interesting(tag) {
			fields[tag] = entry{t.order.Uint16(field[2:]), t.order.Uint32(field[4:]), field[8:]}
		}
	}
	return fields
}

func interesting(tag uint16) bool {
	switch tag {
	case tagOrientation, tagEXIF, tagGPS, tagTaken, tagOffset, tagLatitudeRef, tagLatitude,
		tagLongitudeRef, tagLongitude:
		return true
	}
	return false
}

// bytes gives n bytes at an offset, or nil if they do not lie in the block.
func (t tiff) bytes(at, n uint32) []byte {
	if uint64(at)+uint64(n) > uint64(len(t.data)) {
		return nil
	}
	return t.data[at : at+n]
}

// The kinds of value that are read.
const (
	kindASCII    = 2
	kindShort    = 3
	kindLong     = 4
	kindRational = 5
)

func (t tiff) number(e entry) (uint32, bool) {
	switch {
	case e.count != 1:
		return 0, false
	case e.kind == kindShort:
		return uint32(t.order.Uint16(e.value)), true
	case e.kind == kindLong:
		return t.order.Uint32(e.value), true
	}
	return 0, false
}

// textMax is the longest text that is read: a date has 19 characters.
const textMax = 32

func (t tiff) text(e entry) string {
	if e.kind != kindASCII || e.count == 0 || e.count > textMax {
		return ""
	}
	b := e.value
	if e.count > 4 {
		b = t.bytes(t.order.Uint32(e.value), e.count)
	}
	b = b[:min(len(b), int(e.count))]
	for i, c := range b {
		if c == 0 {
			return string(b[:i])
		}
	}
	return string(b)
}

// position reads latitude and longitude, each with its hemisphere.
func (t tiff) position(fields map[uint16]entry) Position {
	latitude, ok := t.angle(fields[tagLatitude], t.text(fields[tagLatitudeRef]), "N", "S", 90)
	if !ok {
		return Position{}
	}
	longitude, ok := t.angle(fields[tagLongitude], t.text(fields[tagLongitudeRef]), "E", "W", 180)
	if !ok {
		return Position{}
	}
	return Position{Known: true, Latitude: latitude, Longitude: longitude}
}

// angle reads degrees, minutes and seconds as three fractions, in micro-degrees.
func (t tiff) angle(e entry, sense, positive, negative string, most uint64) (int64, bool) {
	if e.kind != kindRational || e.count != 3 || sense != positive && sense != negative {
		return 0, false
	}
	parts := t.bytes(t.order.Uint32(e.value), 24)
	if parts == nil {
		return 0, false
	}
	var nano uint64 // nano-degrees, so that three roundings stay below half a micro-degree
	for i, perDegree := range []uint64{1, 60, 3600} {
		numerator := uint64(t.order.Uint32(parts[8*i:]))
		denominator := uint64(t.order.Uint32(parts[8*i+4:])) * perDegree
		if denominator == 0 || numerator > most*denominator {
			return 0, false
		}
		nano += (numerator*1_000_000_000 + denominator/2) / denominator
	}
	micro := int64((nano + 500) / 1000)
	if micro > int64(most)*1_000_000 {
		return 0, false
	}
	if sense == negative {
		return -micro, true
	}
	return micro, true
}

// instant reads "2026:01:05 09:30:00" with "+08:00".
func instant(text, offset string) period.Instant {
	zone := period.Beijing
	if z, err := time.Parse("-07:00", offset); err == nil {
		zone = z.Location()
	}
	at, err := time.ParseInLocation("2006:01:02 15:04:05", text, zone)
	if err != nil || at.Year() < 1990 || at.Year() > 2999 {
		return 0
	}
	return period.At(at)
}
