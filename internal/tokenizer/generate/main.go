// Command generate writes r50k.merges, the vocabulary that package tokenizer embeds, from the r50k_base ranks of a pinned module.
//
// The ranks list the text of every token; the merges that package tokenizer works with follow from them: a token is merged from the two
// tokens that remain when its bytes are merged by all lower ranks.
package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
)

const (
	module = "github.com/pkoukk/tiktoken-go-loader@v0.0.2"
	file   = "assets/r50k_base.tiktoken"
	digest = "306cd27f03c1a714eca7108e03d66b7dc042abe8c258b44c199a7ed9838dd930"
	output = "r50k.merges"
)

func main() {
	log.SetFlags(0)
	ranks, err := download()
	if err != nil {
		log.Fatal(err)
	}
	tokens, err := parse(ranks)
	if err != nil {
		log.Fatal(err)
	}
	merges, err := derive(tokens)
	if err != nil {
		log.Fatal(err)
	}
	if err := os.WriteFile(output, merges, 0o644); err != nil {
		log.Fatal(err)
	}
}

// download returns the ranks file, whose SHA-256 is digest.
func download() ([]byte, error) {
	outside, err := os.MkdirTemp("", "") // where no go.mod is, which the command would add to
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(outside)

	command := exec.CommandContext(context.Background(), "go", "mod", "download", "-json", module)
	command.Dir = outside
	command.Stderr = os.Stderr
	answer, err := command.Output()
	if err != nil {
		return nil, fmt.Errorf("download %s: %w", module, err)
	}
	var downloaded struct{ Dir string }
	if err := json.Unmarshal(answer, &downloaded); err != nil {
		return nil, fmt.Errorf("download %s: %w", module, err)
	}
	ranks, err := os.ReadFile(filepath.Join(downloaded.Dir, file))
	if err != nil {
		return nil, err
	}
	if sum := sha256.Sum256(ranks); hex.EncodeToString(sum[:]) != digest {
		return nil, fmt.Errorf("%s of %s has SHA-256 %x, not %s", file, module, sum, digest)
	}
	return ranks, nil
}

// parse reads the ranks, one "base64 rank" a line in order of rank.
func parse(ranks []byte) ([]string, error) {
	var tokens []string
	for line := range bytes.Lines(ranks) {
		encoded, rank, ok := bytes.Cut(bytes.TrimSpace(line), []byte(" "))
		if !ok || string(rank) != strconv.Itoa(len(tokens)) {
			return nil, fmt.Errorf("line %d: %q is not a token of that rank", len(tokens), line)
		}
		token, err := base64.StdEncoding.DecodeString(string(encoded))
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", len(tokens), err)
		}
		tokens = append(tokens, string(token))
	}
	return tokens, nil
}

// derive returns the bytes of the first 256 tokens, then the ids of the two halves of each other token.
func derive(tokens []string) ([]byte, error) {
	var merges []byte
	ids := make(map[string]int, len(tokens)) // of the tokens so far
	for id, token := range tokens {
		if id < 256 {
			if len(token) != 1 {
				return nil, fmt.Errorf("token %d is %q, not a byte", id, token)
			}
			merges = append(merges, token...)
		} else {
			halves := merge(token, ids)
			if len(halves) != 2 {
				return nil, fmt.Errorf("token %d, %q, is merged from %q, not from two tokens", id, token, halves)
			}
			for _, half := range halves {
				merges = binary.LittleEndian.AppendUint16(merges, uint16(ids[half]))
			}
		}
		ids[token] = id
	}
	return merges, nil
}

// merge merges the bytes of text, the pair with the lowest rank first, as far as ids go.
func merge(text string, ids map[string]int) []string {
	var parts []string
	for i := range len(text) {
		parts = append(parts, text[i:i+1])
	}
	for {
		at, lowest := -1, len(ids)
		for i := range len(parts) - 1 {
			if id, ok := ids[parts[i]+parts[i+1]]; ok && id < lowest {
				at, lowest = i, id
			}
		}
		if at < 0 {
			return parts
		}
		parts[at] += parts[at+1]
		parts = append(parts[:at+1], parts[at+2:]...)
	}
}
