package bedrock

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"

	"github.com/aws/aws-sdk-go-v2/aws/protocol/eventstream"
)

// Limits of a frame, in bytes. AWS's reader has none of its own.
const (
	preludeSize = 12 // length of the frame, length of its headers, checksum of both
	minFrame    = preludeSize + 4
	maxFrame    = 8 << 20
	maxHeaders  = 8 << 10
)

// frame is an event of a stream. It is valid until the next one is read.
type frame struct {
	headers eventstream.Headers
	payload []byte
}

// frames cuts a stream into frames. Their checksums are verified.
type frames struct {
	in      *bufio.Reader
	decoder *eventstream.Decoder
	payload []byte // of the last frame, to be used again
}

func newFrames(r io.Reader) *frames {
	return &frames{in: bufio.NewReader(r), decoder: eventstream.NewDecoder()}
}

// next returns the next frame as soon as it is complete. The error is that of the stream, [io.EOF] when it ends between two frames.
func (f *frames) next() (frame, error) {
	prelude, err := f.in.Peek(preludeSize)
	if err == io.EOF && len(prelude) > 0 { //nolint:errorlint // a broken connection may wrap it
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		return frame{}, err
	}
	size, headers := binary.BigEndian.Uint32(prelude), binary.BigEndian.Uint32(prelude[4:])
	if size < minFrame || size > maxFrame || headers > min(size-minFrame, maxHeaders) {
		return frame{}, fmt.Errorf("a frame has %d bytes, %d of them headers", size, headers)
	}
	message, err := f.decoder.Decode(io.LimitReader(f.in, int64(size)), f.payload[:0])
	if err == io.EOF { //nolint:errorlint // the same
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		return frame{}, err
	}
	f.payload = message.Payload
	return frame{message.Headers, message.Payload}, nil
}

// header is the text of a header, or empty.
func (f frame) header(name string) string {
	value, _ := f.headers.Get(name).(eventstream.StringValue)
	return string(value)
}
