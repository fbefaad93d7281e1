package editions

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Limits of a file of places.
const (
	FileBytesMax     = 128 << 20 // as it comes
	UnpackedBytesMax = 512 << 20 // and unpacked
	unpackRatioMax   = 100       // unpacked bytes for a packed one, beyond the first unpackFreeBytes
	unpackFreeBytes  = 16 << 20
)

// ReadFile reads a CSV file, packed or not, in any of the encodings offices write.
func ReadFile(r io.Reader) (Source, error) {
	var source Source
	body, err := io.ReadAll(io.LimitReader(r, FileBytesMax+1))
	if err != nil {
		return source, fault.New(fault.Unavailable, "editions.file.read").Because(err)
	}
	if len(body) > FileBytesMax {
		return source, fault.New(fault.TooLarge, "editions.file.large", FileBytesMax>>20)
	}
	sum := sha256.Sum256(body)
	source.Hash = hex.EncodeToString(sum[:])
	if body, err = unpack(body); err != nil {
		return source, err
	}
	if what := foreign(body); what != "" {
		return source, fault.New(fault.Unsupported, "editions.file.foreign", what)
	}
	source.Text, source.Encoding, err = decode(body)
	return source, err
}

// unpack unpacks gzip, guarding against files that are small only while packed.
func unpack(body []byte) ([]byte, error) {
	if !bytes.HasPrefix(body, []byte{0x1f, 0x8b}) {
		return body, nil
	}
	z, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		return nil, fault.New(fault.Invalid, "editions.file.damaged").Because(err)
	}
	limit := min(UnpackedBytesMax, len(body)*unpackRatioMax+unpackFreeBytes)
	out := bytes.NewBuffer(make([]byte, 0, min(limit, len(body)*10)))
	n, err := io.Copy(out, io.LimitReader(z, int64(limit)+1))
	switch {
	case n > int64(limit):
		return nil, fault.New(fault.TooLarge, "editions.file.bomb", limit>>20)
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, gzip.ErrChecksum), errors.Is(err,
		gzip.ErrHeader), err != nil:
		return nil, fault.New(fault.Invalid, "editions.file.damaged").Because(err)
	}
	return out.Bytes(), nil
}

// signatures are the beginnings of files that are often sent instead of a table.
var signatures = []struct{ begin, what string }{
	{"PK\x03\x04", "XLSX/ZIP"}, {"\xd0\xcf\x11\xe0", "XLS/DOC"}, {"%PDF", "PDF"}, {"\x1f\x8b", "gzip"},
	{"Rar!", "RAR"}, {"7z\xbc\xaf", "7z"}, {"BZh", "bzip2"}, {"\xfd7zXZ", "xz"}, {"{", "JSON"}, {"[",
		"JSON"},
	{"<", "HTML/XML"}, {"SQLite format 3", "SQLite"}, {"\x89PNG", "PNG"}, {"\xff\xd8\xff", "JPEG"},
}

// foreign names what a file is if it cannot be a table.
func foreign(body []byte) string {
	start := bytes.TrimLeft(bytes.TrimPrefix(body[:min(len(body), 512)], utf8Mark), " \t\r\n")
	for _, s := range signatures {
		if bytes.HasPrefix(start, []byte(s.begin)) {
			return s.what
		}
	}
	if bytes.IndexByte(body[:min(len(body), 4096)], 0) >= 0 && !utf16Marked(body) {
		return "binary"
	}
	return ""
}

var utf8Mark = []byte("\xef\xbb\xbf")

func utf16Marked(body []byte) bool {
	return bytes.HasPrefix(body, []byte{0xff, 0xfe}) || bytes.HasPrefix(body, []byte{0xfe, 0xff})
}

// decode turns bytes into text. What is neither UTF-8 nor, read as GB18030, plain Chinese is refused
// rather than turned into signs nobody wrote.
func decode(body []byte) (text, name string, err error) {
	if utf16Marked(body) {
		text, err := decoded(body, unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM))
		return text, "UTF-16", err
	}
	body = bytes.TrimPrefix(body, utf8Mark)
	if utf8.Valid(body) {
		return string(body), "UTF-8", nil
	}
	if damagedUTF8(body) {
		return strings.ToValidUTF8(string(body), "\ufffd"), "UTF-8", nil
	}
	text, err = decoded(body, simplifiedchinese.GB18030)
	if err == nil && strings.Count(text, "\ufffd")*50 > utf8.RuneCountInString(text) {
		err = fault.New(fault.Unsupported, "editions.file.encoding")
	}
	return text, "GB18030", err
}

func decoded(body []byte, e encoding.Encoding) (string, error) {
	text, err := e.NewDecoder().Bytes(body)
	if err != nil {
		return "", fault.New(fault.Unsupported, "editions.file.encoding").Because(err)
	}
	return string(text), nil
}

// damagedUTF8 reports whether nearly all characters beyond ASCII are UTF-8 and few bytes are not.
func damagedUTF8(body []byte) bool {
	good, bad := 0, 0
	for len(body) > 0 {
		r, size := utf8.DecodeRune(body)
		switch {
		case r == utf8.RuneError && size == 1:
			bad++
		case size > 1:
			good++
		}
		body = body[size:]
	}
	return bad*20 < good
}
