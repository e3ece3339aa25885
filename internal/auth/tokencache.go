package auth

import (
	"crypto/sha256"
	"sync"
)

const (
	// maxRemembered is the longest token in bytes that is worth remembering; it keeps the cache at a few megabytes.
	maxRemembered = 8 << 10
	// cacheGeneration is how many tokens make a generation; the cache holds up to two.
	cacheGeneration = 2048
)

// verifiedToken is a token that a key of set has verified. Whether it is still in time is asked anew each time.
type verifiedToken struct {
	token *token
	set   *keySet
}

// digestOf is what a token is remembered by.
func digestOf(raw string) [sha256.Size]byte {
	var room [4 << 10]byte // so that the usual token isn't copied to the heap
	return sha256.Sum256(append(room[:0], raw...))
}

// tokenCache remembers verified tokens by their digest, so that a client's next request costs a hash instead of a signature. It keeps two
// generations: when the young one is full it becomes the old one, and what nobody has asked for since is forgotten.
type tokenCache struct {
	mu         sync.Mutex
	young, old map[[sha256.Size]byte]verifiedToken
}

func (c *tokenCache) get(digest [sha256.Size]byte) (verifiedToken, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if v, ok := c.young[digest]; ok {
		return v, true
	}
	v, ok := c.old[digest]
	if ok {
		c.keep(digest, v)
	}
	return v, ok
}

func (c *tokenCache) put(digest [sha256.Size]byte, v verifiedToken) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.keep(digest, v)
}

func (c *tokenCache) keep(digest [sha256.Size]byte, v verifiedToken) {
	if len(c.young) >= cacheGeneration {
		c.old, c.young = c.young, nil
	}
	if c.young == nil {
		c.young = make(map[[sha256.Size]byte]verifiedToken)
	}
	c.young[digest] = v
}
