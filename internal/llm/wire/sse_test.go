package wire_test

import (
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ai-gateway/ai-gateway/internal/llm/wire"
)

type event struct{ Name, Data string }

func TestEvents(t *testing.T) {
	for _, tc := range []struct {
		name, stream string
		want         []event
	}{
		{"an empty stream", "", nil},
		{"an event", "event: ping\ndata: {}\n\n", []event{{"ping", "{}"}}},
		{"lines may end in CRLF", "event: a\r\ndata: 1\r\n\r\ndata: 2\r\n\r\n", []event{{"a", "1"}, {"", "2"}}},
		{"lines may end in CR", "event: a\rdata: 1\r\rdata: 2\r\r", []event{{"a", "1"}, {"", "2"}}},
		{"the blank behind the colon may be missing", "event:a\ndata:1\n\n", []event{{"a", "1"}}},
		{"one blank belongs to the field, more to the data", "data:  x \n\n", []event{{"", " x "}}},
		{"several data lines are joined", "data: 1\ndata:\ndata: 2\n\n", []event{{"", "1\n\n2"}}},
		{"comments and unknown fields are skipped", ": hello\nid: 7\nretry: 1\nfoo\ndatab: x\ndata: 1\n\n:\n\n", []event{{"", "1"}}},
		{"an event without data is skipped, with its name", "event: a\n\ndata: 1\n\n", []event{{"", "1"}}},
		{"an event with empty data is skipped", "event: a\ndata:\n\ndata\n\ndata: 1\n\n", []event{{"", "1"}}},
		{"the last event needs no empty line", "data: 1\n\nevent: b\ndata: 2", []event{{"", "1"}, {"b", "2"}}},
		{"the last name counts", "event: a\nevent: b\ndata: 1\n\n", []event{{"b", "1"}}},
		{"a byte order mark is skipped", "\uFEFFdata: 1\n\n", []event{{"", "1"}}},
		{"many empty lines are no event", "\n\n\n\ndata: 1\n\n\n\n", []event{{"", "1"}}},
		{"a long line", "data: " + strings.Repeat("x", 100_000) + "\n\n", []event{{"", strings.Repeat("x", 100_000)}}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			for size := 1; size <= len(tc.stream)+1 && size < 9000; size = size*2 + 1 {
				got, err := allEvents(&pieces{data: tc.stream, size: size})
				if diff := cmp.Diff(tc.want, got); diff != "" || err != io.EOF {
					t.Errorf("in pieces of %d bytes: error %v\n%s", size, err, diff)
				}
			}
		})
	}
}

func TestDataLines(t *testing.T) {
	for _, tc := range []struct {
		name, stream string
		want         []string
	}{
		{"an empty stream", "", nil},
		{"each line counts, whatever stands around it", "event: a\ndata: 1\ndata: 2\n\n: c\nid: 3\n\ndata:3\r\n\r\n", []string{"1", "2", "3"}},
		{"empty data is skipped", "data:\ndata: \ndata\ndata: 1\n", []string{"1"}},
		{"the last line needs no end", "data: 1\n\ndata: 2", []string{"1", "2"}},
		{"a byte order mark is skipped", "\uFEFFdata: 1\n", []string{"1"}},
		{"what is no event stream has no data", "<html>\n<body>data: 1</body>\n</html>", nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			for size := 1; size <= len(tc.stream)+1; size = size*2 + 1 {
				got, err := allLines(&pieces{data: tc.stream, size: size})
				if diff := cmp.Diff(tc.want, got); diff != "" || err != io.EOF {
					t.Errorf("in pieces of %d bytes: error %v\n%s", size, err, diff)
				}
			}
		})
	}
}

func TestAnEventIsHandedOnWithoutWaitingForTheNextByte(t *testing.T) {
	tooFar := errors.New("read too far")
	for _, stream := range []string{"data: 1\n\n", "data: 1\r\n\r\n", "data: 1\r\n\r", "data: 1\r\r"} {
		e := wire.NewEvents(&pieces{data: stream, size: len(stream), then: tooFar})
		if got, err := e.Next(); err != nil || string(got.Data) != "1" {
			t.Errorf("%q: got %q, %v", stream, got.Data, err)
		}
		if _, err := e.Next(); err != tooFar {
			t.Errorf("%q: then got %v", stream, err)
		}
	}
	for _, stream := range []string{"data: 1\n", "data: 1\r\n", "data: 1\r"} {
		d := wire.NewDataLines(&pieces{data: stream, size: len(stream), then: tooFar})
		if got, err := d.Next(); err != nil || string(got) != "1" {
			t.Errorf("%q: got %q, %v", stream, got, err)
		}
	}
}

func TestABrokenStreamIsNeverMistakenForItsEnd(t *testing.T) {
	cut := errors.New("cut")
	for _, stream := range []string{"", "data: 1", "data: 1\n"} {
		if got, err := allEvents(&pieces{data: stream, size: 3, then: cut}); err != cut || got != nil {
			t.Errorf("%q: got %v, %v", stream, got, err)
		}
	}
	if got, err := allLines(&pieces{data: "data: 1\ndata: 2", size: 3, then: cut}); err != cut || len(got) != 1 {
		t.Errorf("got %v, %v", got, err)
	}
}

func TestEndlessEventsAreCutOff(t *testing.T) {
	for name, unit := range map[string]string{"a line": "data: xxxxxxxxxxxxxxx", "an event": "data: xxxxxxxxxxxxxxx\n"} {
		t.Run(name, func(t *testing.T) {
			r := &endless{unit: []byte(unit)}
			if _, err := wire.NewEvents(r).Next(); err == nil || r.read > 32<<20 {
				t.Errorf("got %v after %d bytes", err, r.read)
			}
		})
	}
	r := &endless{unit: []byte("data: xx")}
	if _, err := wire.NewDataLines(r).Next(); err == nil || r.read > 32<<20 {
		t.Errorf("got %v after %d bytes", err, r.read)
	}
	if _, err := wire.NewDataLines(nothing{}).Next(); err != io.ErrNoProgress {
		t.Errorf("a reader that reads nothing: got %v", err)
	}
}

// The same bytes are the same events, however the network cuts them.
func FuzzEvents(f *testing.F) {
	f.Add("event: a\r\ndata: 1\r\rdata: 2\n\n", []byte{3, 1, 200})
	f.Add("\uFEFFdata:\n: x\ndata: y\n\nz", []byte{1})
	f.Fuzz(func(t *testing.T, stream string, cuts []byte) {
		whole, err := allEvents(strings.NewReader(stream))
		if err != io.EOF {
			t.Fatal(err)
		}
		cut, _ := allEvents(&cutter{data: stream, cuts: cuts})
		if diff := cmp.Diff(whole, cut); diff != "" {
			t.Error(diff)
		}
		wholeLines, _ := allLines(strings.NewReader(stream))
		cutLines, _ := allLines(&cutter{data: stream, cuts: cuts})
		if diff := cmp.Diff(wholeLines, cutLines); diff != "" {
			t.Error(diff)
		}
	})
}

func BenchmarkDataLines(b *testing.B) {
	const line = `data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1734700000,"model":"mistral","choices":[{"index":0,` +
		`"delta":{"content":"A"},"finish_reason":null}]}` + "\n\n"
	b.ReportAllocs()
	lines := wire.NewDataLines(&endless{unit: []byte(line)})
	for b.Loop() {
		if _, err := lines.Next(); err != nil {
			b.Fatal(err)
		}
	}
}

func allEvents(r io.Reader) (all []event, err error) {
	events := wire.NewEvents(r)
	for {
		e, err := events.Next()
		if err != nil {
			return all, err
		}
		all = append(all, event{string(e.Name), string(e.Data)})
	}
}

func allLines(r io.Reader) (all []string, err error) {
	lines := wire.NewDataLines(r)
	for {
		data, err := lines.Next()
		if err != nil {
			return all, err
		}
		all = append(all, string(data))
	}
}

// pieces reads data in pieces of a size, then the error, or io.EOF.
type pieces struct {
	data string
	size int
	then error
}

func (p *pieces) Read(b []byte) (int, error) {
	if p.data == "" {
		if p.then != nil {
			return 0, p.then
		}
		return 0, io.EOF
	}
	n := copy(b, p.data[:min(p.size, len(p.data))])
	p.data = p.data[n:]
	return n, nil
}

// cutter reads data in pieces of the given sizes, over and over.
type cutter struct {
	data string
	cuts []byte
	i    int
}

func (c *cutter) Read(b []byte) (int, error) {
	if c.data == "" {
		return 0, io.EOF
	}
	size := 1
	if len(c.cuts) > 0 {
		size += int(c.cuts[c.i%len(c.cuts)])
		c.i++
	}
	n := copy(b, c.data[:min(size, len(c.data))])
	c.data = c.data[n:]
	return n, nil
}

type endless struct {
	unit []byte
	read int
}

func (e *endless) Read(b []byte) (int, error) {
	n := 0
	for n < len(b) {
		n += copy(b[n:], e.unit[(e.read+n)%len(e.unit):])
	}
	e.read += n
	return n, nil
}

type nothing struct{}

func (nothing) Read([]byte) (int, error) { return 0, nil }
