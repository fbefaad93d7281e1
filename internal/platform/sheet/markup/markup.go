// Package markup reads the XML of a workbook piece by piece: tags, attributes and text, in bounded memory.
//
//	m := markup.New(part)
//	for kind, err := m.Next(); err == nil && kind != markup.Finished; kind, err = m.Next() { … }
//
// # Invariants
//
//  1. No piece of the XML takes more memory than PieceMax, whatever the file claims.
//  2. What encoding/xml accepts of a workbook is read the same way; a document type is refused.
//  3. Nothing makes it panic.
package markup

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strconv"
	"unicode/utf8"
)

// Reader reads XML piece by piece. It exists beside encoding/xml for two reasons:
// it bounds the memory that one piece may take (encoding/xml holds a text of any length), and it is
// several times as fast, which decides how long a county waits for 100,000 rows. It knows what
// workbooks use: tags, attributes, text, CDATA and the predefined entities, in UTF-8. A document type
// is refused; namespaces are told apart by nothing but the local name.
type Reader struct {
	in    *bufio.Reader
	depth int
	piece []byte // the tag without its brackets, or the text; valid until the next call
	long  []byte // holds pieces that do not fit into the reader's buffer
	empty bool   // the tag just read closes itself: its end comes next
}

// Token is what a piece is.
type Token int

// The pieces.
const (
	Start Token = iota
	End
	Text
	Finished
)

// PieceMax is the number of bytes one tag or text may have.
const PieceMax = 1 << 20

// What Next refuses beside errors of the file.
var (
	ErrMarkup = errors.New("markup: the XML is not well formed")
	ErrPiece  = errors.New("markup: a piece of the XML is too long")
)

// New reads from the beginning of a part.
func New(r io.Reader) *Reader {
	m := &Reader{in: bufio.NewReaderSize(r, 64<<10)}
	if mark, err := m.in.Peek(3); err == nil && string(mark) == "\ufeff" {
		m.in.Discard(3) //nolint:errcheck // just seen
	}
	return m
}

// Next reads the next tag or text. After it, Name, Attribute and Text tell of it.
func (m *Reader) Next() (Token, error) {
	if m.empty {
		m.empty = false
		m.depth--
		return End, nil
	}
	for {
		text, err := m.until('<')
		if err == io.EOF && m.depth == 0 && len(bytes.TrimSpace(text)) == 0 {
			return Finished, nil
		}
		if err == io.EOF {
			return Finished, io.ErrUnexpectedEOF
		}
		if err != nil {
			return Finished, err
		}
		if text = text[:len(text)-1]; len(text) > 0 && m.depth > 0 {
			m.piece = text
			return Text, m.in.UnreadByte()
		}
		if len(bytes.TrimSpace(text)) > 0 {
			return Finished, ErrMarkup // Text outside of everything
		}
		kind, skip, err := m.tag()
		if err != nil || !skip {
			return kind, err
		}
	}
}

// tag reads what follows a "<". Comments and instructions are skipped.
func (m *Reader) tag() (kind Token, skip bool, err error) {
	piece, err := m.until('>')
	if err != nil {
		return Finished, false, unexpected(err)
	}
	switch piece[0] {
	case '?':
		_, err := m.endingWith(piece, "?>")
		return Finished, true, err
	case '!':
		return m.special(piece)
	case '/':
		m.piece = piece[1 : len(piece)-1]
		if m.depth--; m.depth < 0 {
			return Finished, false, ErrMarkup
		}
		return End, false, nil
	}
	for openQuote(piece) { // a ">" within an attribute
		if piece, err = m.more(piece, '>'); err != nil {
			return Finished, false, unexpected(err)
		}
	}
	m.piece = piece[:len(piece)-1]
	if len(m.piece) > 0 && m.piece[len(m.piece)-1] == '/' {
		m.piece, m.empty = m.piece[:len(m.piece)-1], true
	}
	if len(m.Name()) == 0 {
		return Finished, false, ErrMarkup
	}
	m.depth++
	return Start, false, nil
}

// special reads a comment or CDATA, and refuses anything else that begins with "<!".
func (m *Reader) special(piece []byte) (kind Token, skip bool, err error) {
	switch {
	case bytes.HasPrefix(piece, []byte("!--")):
		_, err := m.endingWith(piece, "-->")
		return Finished, true, err
	case bytes.HasPrefix(piece, []byte("![CDATA[")):
		whole, err := m.endingWith(piece, "]]>")
		if err != nil {
			return Finished, false, err
		}
		m.piece = escaped(whole[len("![CDATA[") : len(whole)-len("]]>")])
		return Text, false, nil
	}
	return Finished, false, ErrMarkup
}

// escaped makes raw text look like text with entities, so that text() gives it back unchanged.
func escaped(raw []byte) []byte { return bytes.ReplaceAll(raw, []byte("&"), []byte("&amp;")) }

// endingWith reads on until the piece ends so.
func (m *Reader) endingWith(piece []byte, ending string) ([]byte, error) {
	for !bytes.HasSuffix(piece, []byte(ending)) {
		var err error
		if piece, err = m.more(piece, ending[len(ending)-1]); err != nil {
			return nil, unexpected(err)
		}
	}
	return piece, nil
}

// until reads up to and with a byte. The result is valid until the next call.
func (m *Reader) until(b byte) ([]byte, error) {
	piece, err := m.in.ReadSlice(b)
	if err != bufio.ErrBufferFull {
		return piece, err
	}
	m.long = append(m.long[:0], piece...)
	return m.longer(b)
}

// more appends to a piece what comes up to and with a byte.
func (m *Reader) more(piece []byte, b byte) ([]byte, error) {
	m.long = append(m.long[:0], piece...)
	return m.longer(b)
}

func (m *Reader) longer(b byte) ([]byte, error) {
	for {
		piece, err := m.in.ReadSlice(b)
		m.long = append(m.long, piece...)
		if len(m.long) > PieceMax {
			return nil, ErrPiece
		}
		if err != bufio.ErrBufferFull {
			return m.long, err
		}
	}
}

func unexpected(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

// openQuote reports whether the tag ends within an attribute's quotes.
func openQuote(piece []byte) bool {
	var quote byte
	for _, b := range piece {
		switch {
		case quote == 0 && (b == '"' || b == '\''):
			quote = b
		case b == quote:
			quote = 0
		}
	}
	return quote != 0
}

// Depth is how many tags are open.
func (m *Reader) Depth() int { return m.depth }

// Name is the local name of the tag just read.
func (m *Reader) Name() []byte {
	name := m.piece
	if end := bytes.IndexAny(name, " \t\r\n"); end >= 0 {
		name = name[:end]
	}
	if colon := bytes.IndexByte(name, ':'); colon >= 0 {
		name = name[colon+1:]
	}
	return name
}

// Attribute is the value of an attribute of the start tag just read, found by its local name.
func (m *Reader) Attribute(name string) (string, bool) {
	rest := m.piece
	for {
		equals := bytes.IndexByte(rest, '=')
		if equals < 0 {
			return "", false
		}
		key := bytes.TrimSpace(rest[:equals])
		if space := bytes.LastIndexAny(key, " \t\r\n:"); space >= 0 {
			key = key[space+1:]
		}
		rest = bytes.TrimLeft(rest[equals+1:], " \t\r\n")
		if len(rest) == 0 || rest[0] != '"' && rest[0] != '\'' {
			return "", false
		}
		end := bytes.IndexByte(rest[1:], rest[0])
		if end < 0 {
			return "", false
		}
		if string(key) == name {
			return unescape(rest[1 : end+1]), true
		}
		rest = rest[end+2:]
	}
}

// Text is the text just read.
func (m *Reader) Text() string { return unescape(m.piece) }

var entities = map[string]string{"amp": "&", "lt": "<", "gt": ">", "quot": `"`, "apos": "'"}

// unescape replaces entities and makes line ends plain. What is no entity stays as it is written; what
// is no UTF-8 becomes the replacement character, which fields refuse.
func unescape(piece []byte) string {
	if bytes.IndexByte(piece, '&') < 0 && bytes.IndexByte(piece, '\r') < 0 {
		return valid(string(piece))
	}
	out := make([]byte, 0, len(piece))
	for i := 0; i < len(piece); i++ {
		switch piece[i] {
		case '\r':
			if i+1 == len(piece) || piece[i+1] != '\n' {
				out = append(out, '\n')
			}
		case '&':
			text, length := entity(piece[i+1:])
			out = append(out, text...)
			i += length
		default:
			out = append(out, piece[i])
		}
	}
	return valid(string(out))
}

func valid(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	return string([]rune(s))
}

// entity reads an entity after its "&" and gives its text and its length; "&" if it is none.
func entity(rest []byte) (text string, length int) {
	end := bytes.IndexByte(rest[:min(len(rest), 12)], ';')
	if end < 1 {
		return "&", 0
	}
	name := string(rest[:end])
	if known, ok := entities[name]; ok {
		return known, end + 1
	}
	if name[0] != '#' || len(name) < 2 {
		return "&", 0
	}
	digits, base := name[1:], 10
	if digits[0] == 'x' {
		digits, base = digits[1:], 16
	}
	n, err := strconv.ParseUint(digits, base, 32)
	if err != nil || n == 0 || n > utf8.MaxRune {
		return "&", 0
	}
	return string(rune(n)), end + 1
}
