package exif_test

import (
	"encoding/binary"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/terrace-project/terrace/internal/pure/exif"
	"github.com/terrace-project/terrace/internal/pure/exif/exiftest"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// fields of a picture taken in a yard of Fuling on 5 January 2026.
var yard = exiftest.Fields{Orientation: 6, Taken: "2026:01:05 09:30:00",
	Latitude: [6]uint32{29, 1, 42, 1, 1128, 100}, North: "N",
	Longitude: [6]uint32{107, 1, 23, 1, 2340, 100}, East: "E"}

var yardInfo = exif.Info{Orientation: 6,
	Taken:    period.At(time.Date(2026, 1, 5, 9, 30, 0, 0, period.Beijing)),
	Position: exif.Position{Known: true, Latitude: 29_703_133, Longitude: 107_389_833}}

func TestReadsBothOrdersInBothFormats(t *testing.T) {
	for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
		block := exiftest.Block(order, yard)
		for name, file := range map[string][]byte{
			"jpeg": exiftest.JPEG(block), "png": exiftest.PNG(block)} {
			if got := exif.Read(file); got != yardInfo {
				t.Errorf("%s %v: %+v, want %+v", name, order, got, yardInfo)
			}
		}
	}
}

func TestTimesHaveTheirOffset(t *testing.T) {
	fields := yard
	fields.Offset = "+00:00"
	got := exif.Read(exiftest.JPEG(exiftest.Block(binary.BigEndian, fields))).Taken
	if want := period.At(time.Date(2026, 1, 5, 9, 30, 0, 0, time.UTC)); got != want {
		t.Errorf("taken %s, want %s", got, want)
	}
	fields.Taken = "0000:00:00 00:00:00" // what cameras without a clock write
	if got := exif.Read(exiftest.JPEG(exiftest.Block(binary.BigEndian, fields))).Taken; got != 0 {
		t.Errorf("a camera without a clock took it at %s", got)
	}
}

// TestPositionsAreOnTheGlobeOrAbsent draws any six numbers and hemispheres.
func TestPositionsAreOnTheGlobeOrAbsent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		fields := yard
		number := rapid.OneOf(rapid.Uint32Range(0, 200), rapid.Uint32())
		for i := range 6 {
			fields.Latitude[i] = number.Draw(t, "latitude")
			fields.Longitude[i] = number.Draw(t, "longitude")
		}
		fields.North = rapid.SampledFrom([]string{"N", "S", "", "X"}).Draw(t, "north")
		fields.East = rapid.SampledFrom([]string{"E", "W", "E\x00\x00"}).Draw(t, "east")
		p := exif.Read(exiftest.JPEG(exiftest.Block(binary.LittleEndian, fields))).Position
		if p.Latitude < -90e6 || p.Latitude > 90e6 || p.Longitude < -180e6 || p.Longitude > 180e6 {
			t.Fatalf("%+v is not on the globe", p)
		}
		if !p.Known && (p.Latitude != 0 || p.Longitude != 0) {
			t.Fatalf("an unknown position has coordinates: %+v", p)
		}
		if p.Known && (p.Latitude > 0 && fields.North == "S" || p.Longitude > 0 && fields.East == "W") {
			t.Fatalf("%+v lies in the wrong hemisphere", p)
		}
	})
}

func TestDamageIsAbsence(t *testing.T) {
	whole := exiftest.JPEG(exiftest.Block(binary.BigEndian, yard))
	for n := range whole {
		got := exif.Read(whole[:n])
		if got.Position.Known && got.Position != yardInfo.Position {
			t.Fatalf("cut at %d: %+v", n, got)
		}
	}
	for _, other := range []string{"", "GIF89a", "\xff\xd8", "\xff\xd8\xff\xe1\x00\x01", "%PDF-1.7"} {
		if got := exif.Read([]byte(other)); got != (exif.Info{}) {
			t.Errorf("%q: %+v", other, got)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
		block := exiftest.Block(order, yard)
		f.Add(exiftest.JPEG(block))
		f.Add(exiftest.PNG(block))
	}
	f.Add([]byte("\xff\xd8\xff\xff\xff\xff"))
	f.Fuzz(func(t *testing.T, file []byte) {
		got := exif.Read(file)
		if got.Orientation < 0 || got.Orientation > 8 {
			t.Errorf("orientation %d", got.Orientation)
		}
		p := got.Position
		if p.Latitude < -90e6 || p.Latitude > 90e6 || p.Longitude < -180e6 || p.Longitude > 180e6 {
			t.Errorf("%+v is not on the globe", p)
		}
	})
}
