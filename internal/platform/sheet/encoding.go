package sheet

import (
	"bufio"
	"bytes"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"github.com/terrace-project/terrace/internal/pure/fault"
)

// textEncoding is how a text file is encoded. Nothing is guessed: a file in which a byte does not fit
// any of these is refused, and one that fits two is decided by its headings.
type textEncoding struct {
	name string
	make encoding.Encoding // nil: UTF-8
	skip int64             // bytes of the byte-order mark
}

var (
	utf8Text    = textEncoding{name: "UTF-8"}
	gb18030Text = textEncoding{name: "GB18030", make: simplifiedchinese.GB18030}
)

func utf16Text(order unicode.Endianness, skip int64) textEncoding {
	return textEncoding{name: "UTF-16", make: unicode.UTF16(order, unicode.IgnoreBOM), skip: skip}
}

// encodingOf finds the encodings a file may have, the likelier first. Files without a mark are read
// to their end: only a whole file can be told to be UTF-8.
func encodingOf(u Upload) ([]textEncoding, error) {
	head := make([]byte, min(sniffed, u.Size))
	if _, err := u.Content.ReadAt(head, 0); err != nil && err != io.EOF {
		return nil, fault.New(fault.Invalid, "sheet.broken", u.Name).Because(err)
	}
	switch {
	case bytes.HasPrefix(head, []byte("\xef\xbb\xbf")):
		marked := utf8Text
		marked.skip = 3
		return one(u, marked)
	case bytes.HasPrefix(head, []byte("\xff\xfe")):
		return one(u, utf16Text(unicode.LittleEndian, 2))
	case bytes.HasPrefix(head, []byte("\xfe\xff")):
		return one(u, utf16Text(unicode.BigEndian, 2))
	case bytes.IndexByte(head, 0) >= 0:
		return unmarked16(u, head)
	}
	widest, err := utf8Text.widest(u)
	if err == nil && (widest < utf8.RuneSelf || widest >= threeBytes) {
		return []textEncoding{utf8Text}, nil
	}
	var fit []textEncoding
	if err == nil {
		fit = append(fit, utf8Text)
	}
	if _, err := gb18030Text.widest(u); err == nil {
		fit = append(fit, gb18030Text)
	}
	if len(fit) == 0 {
		return nil, fault.New(fault.Invalid, "sheet.encoding", u.Name)
	}
	return fit, nil
}

// threeBytes is the first character that takes three bytes in UTF-8. A text in GB18030 that happens to
// be valid UTF-8 has two-byte characters only, because its own characters have two bytes; with a
// single wider character the file is UTF-8.
const threeBytes = 0x800

// one demands that the whole file fits the encoding its mark names.
func one(u Upload, e textEncoding) ([]textEncoding, error) {
	if _, err := e.widest(u); err != nil {
		return nil, fault.New(fault.Invalid, "sheet.encoding", u.Name).Because(err)
	}
	return []textEncoding{e}, nil
}

// unmarked16 tells UTF-16 without a mark by where the zero bytes of its ASCII characters stand.
func unmarked16(u Upload, head []byte) ([]textEncoding, error) {
	zeros := [2]int{}
	for i, b := range head {
		if b == 0 {
			zeros[i%2]++
		}
	}
	switch {
	case zeros[0] == 0:
		return one(u, utf16Text(unicode.LittleEndian, 0))
	case zeros[1] == 0:
		return one(u, utf16Text(unicode.BigEndian, 0))
	}
	return nil, fault.New(fault.Invalid, "sheet.encoding", u.Name)
}

// open reads the file as UTF-8. What does not fit the encoding becomes the replacement character.
func (e textEncoding) open(u Upload) io.Reader {
	raw := io.NewSectionReader(u.Content, e.skip, u.Size-e.skip)
	if e.make == nil {
		return raw
	}
	return e.make.NewDecoder().Reader(raw)
}

// widest is the highest character of the file; it fails where the file does not fit the encoding.
func (e textEncoding) widest(u Upload) (rune, error) {
	in := bufio.NewReaderSize(e.open(u), 64<<10)
	var widest rune
	for {
		r, size, err := in.ReadRune()
		switch {
		case err == io.EOF:
			return widest, nil
		case err != nil:
			return 0, err
		case r == utf8.RuneError && (size == 1 || e.make != nil), r == 0:
			return 0, fault.New(fault.Invalid, "sheet.encoding", u.Name)
		}
		widest = max(widest, r)
	}
}
