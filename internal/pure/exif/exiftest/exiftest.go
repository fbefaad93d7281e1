// Package exiftest builds the EXIF blocks of cameras for tests, so that no photo with somebody's
// position has to be kept.
package exiftest

import (
	"encoding/binary"
	"hash/crc32"
)

// Fields are what a camera writes. Fractions are numerator and denominator of degrees, minutes and
// seconds.
type Fields struct {
	Orientation         uint16
	Taken, Offset       string
	Latitude, Longitude [6]uint32
	North, East         string
}

type field struct {
	tag, kind uint16
	count     uint32
	value     []byte
}

// Block writes the fields as a TIFF block.
func Block(order binary.AppendByteOrder, f Fields) []byte {
	head := "MM\x00*"
	if order.String() == "LittleEndian" {
		head = "II*\x00"
	}
	long := func(n uint32) []byte { return order.AppendUint32(nil, n) }
	text := func(tag uint16, s string) field {
		return field{tag, 2, uint32(len(s) + 1), []byte(s +
			"\x00")}
	}
	fractions := func(tag uint16, parts [6]uint32) field {
		var b []byte
		for _, n := range parts {
			b = order.AppendUint32(b, n)
		}
		return field{tag, 5, 3, b}
	}
	camera := []field{text(0x9003, f.Taken)}
	if f.Offset != "" {
		camera = append(camera, text(0x9011, f.Offset))
	}
	place := []field{text(1, f.North), fractions(2, f.Latitude), text(3, f.East), fractions(4, f.Longitude)}
	main := []field{{0x0112, 3, 1, order.AppendUint16(nil, f.Orientation)}, {0x8769, 4, 1, nil}, {0x8825, 4,
		1, nil}}
	const first = 8
	mainSize := size(main)
	main[1].value = long(first + mainSize)
	main[2].value = long(first + mainSize + size(camera))
	b := append([]byte(head), long(first)...)
	for _, fields := range [][]field{main, camera, place} {
		b = appendDirectory(b, order, fields)
	}
	return b
}

// size is the bytes of a directory with the values that do not fit into it.
func size(fields []field) uint32 {
	n := 2 + 12*len(fields) + 4
	for _, f := range fields {
		if len(f.value) > 4 {
			n += len(f.value)
		}
	}
	return uint32(n)
}

func appendDirectory(b []byte, order binary.AppendByteOrder, fields []field) []byte {
	b = order.AppendUint16(b, uint16(len(fields)))
	after := uint32(len(b)) + uint32(12*len(fields)) + 4
	var values []byte
	for _, f := range fields {
		b = order.AppendUint16(b, f.tag)
		b = order.AppendUint16(b, f.kind)
		b = order.AppendUint32(b, f.count)
		if len(f.value) <= 4 {
			b = append(b, append(f.value, 0, 0, 0, 0)[:4]...)
			continue
		}
		b = order.AppendUint32(b, after+uint32(len(values)))
		values = append(values, f.value...)
	}
	b = order.AppendUint32(b, 0)
	return append(b, values...)
}

// Segment is the block as a segment of a JPEG file.
func Segment(block []byte) []byte {
	body := append([]byte("Exif\x00\x00"), block...)
	b := binary.BigEndian.AppendUint16([]byte{0xff, 0xe1}, uint16(len(body)+2))
	return append(b, body...)
}

// JPEG is the head of a JPEG file with the block.
func JPEG(block []byte) []byte {
	b := append([]byte{0xff, 0xd8, 0xff}, Segment(block)...) // with a byte of padding
	return append(b, 0xff, 0xda)
}

// Chunk is the block as a chunk of a PNG file.
func Chunk(block []byte) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(block)))
	b = append(append(b, "eXIf"...), block...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:]))
}

// PNG is the head of a PNG file with the block.
func PNG(block []byte) []byte { return append([]byte("\x89PNG\r\n\x1a\n"), Chunk(block)...) }
