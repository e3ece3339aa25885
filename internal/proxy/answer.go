package proxy

import (
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"iter"
	"strings"
	"sync"

	"github.com/ai-gateway/ai-gateway/internal/llm/wire"
)

// maxAnswer is how large a whole answer may be, in bytes, once it is decompressed.
const maxAnswer = 32 << 20

// Answer is what the vendor said, with any status.
type Answer struct {
	Status      int
	ContentType string // empty: the vendor named none

	Body []byte // the whole answer, when it is not streamed

	// Pieces are a streamed answer, as it arrives; otherwise nil. A piece is valid until the next one. An error is the last thing that is
	// yielded: the vendor broke off. They must be ranged over, once: that is what ends the call.
	Pieces iter.Seq2[[]byte, error]
}

// whole reads an answer in one piece.
func whole(response *wire.Response) (*Answer, error) {
	body, err := decoded(response)
	if err != nil {
		response.Close()
		return nil, err
	}
	answer := head(response)
	if body == io.Reader(response) {
		answer.Body, err = response.Whole()
		return answer, err
	}
	defer response.Close()
	if answer.Body, err = io.ReadAll(io.LimitReader(body, maxAnswer+1)); err == nil && len(answer.Body) > maxAnswer {
		err = fmt.Errorf("the answer is larger than %d MiB", maxAnswer>>20)
	}
	return answer, err
}

// pieceBuffers hold one read of a stream each. An event that is larger than a buffer reaches the client in parts.
var pieceBuffers = sync.Pool{New: func() any { return new([32 << 10]byte) }}

// streamed passes an answer on piece by piece. end is called when it is over.
func streamed(ctx context.Context, response *wire.Response, end func(context.Context, error)) (*Answer, error) {
	body, err := decoded(response)
	if err != nil {
		response.Close()
		end(ctx, err)
		return nil, failed(ctx, err)
	}
	answer := head(response)
	answer.Pieces = func(yield func([]byte, error) bool) {
		var failure error
		defer func() {
			response.Close()
			end(ctx, failure)
		}()
		buffer := pieceBuffers.Get().(*[32 << 10]byte)
		defer pieceBuffers.Put(buffer)
		for {
			n, err := body.Read(buffer[:])
			if n > 0 && !yield(buffer[:n], nil) {
				return
			}
			if err != nil {
				if err != io.EOF {
					failure = err
					yield(nil, err)
				}
				return
			}
		}
	}
	return answer, nil
}

func head(response *wire.Response) *Answer {
	return &Answer{Status: response.Status, ContentType: response.Header.Get("Content-Type")}
}

// decoded is the body of an answer as the vendor meant it: the client is not told of encodings, so they must not reach it. We ask for none,
// yet what stands in front of a vendor may have its own idea.
func decoded(response *wire.Response) (io.Reader, error) {
	if response.Status < 200 {
		return nil, fmt.Errorf("the answer has status %d, which ends nothing", response.Status)
	}
	switch encoding := strings.ToLower(response.Header.Get("Content-Encoding")); encoding {
	case "", "identity":
		return response, nil
	case "gzip", "x-gzip":
		return gzip.NewReader(response)
	default:
		return nil, fmt.Errorf("the answer is encoded as %.40q, which was not asked for", encoding)
	}
}
