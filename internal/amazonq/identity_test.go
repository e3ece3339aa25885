package amazonq

import (
	"crypto/rsa"
	"encoding/base64"
	"math/big"
	"testing"
	"time"
)

func TestTheKeyIsNamedByItsThumbprint(t *testing.T) {
	// The example of RFC 7638, section 3.1.
	const n = "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W" +
		"-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt" +
		"-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw"
	raw, err := base64.RawURLEncoding.DecodeString(n)
	if err != nil {
		t.Fatal(err)
	}
	key := &rsa.PublicKey{N: new(big.Int).SetBytes(raw), E: 65537}
	if got := keyID(key); got != "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs" {
		t.Errorf("got %s", got)
	}
}

func TestWaitsBetweenAttemptsDouble(t *testing.T) {
	again := newRetryer(func() float64 { return 0.5 })
	if again.MaxAttempts() != 5 {
		t.Errorf("want 5 attempts, got %d", again.MaxAttempts())
	}
	for attempt, want := range map[int]time.Duration{1: 500 * time.Millisecond, 2: time.Second, 3: 2 * time.Second, 4: 4 * time.Second} {
		if got, err := again.RetryDelay(attempt, nil); got != want || err != nil {
			t.Errorf("after attempt %d: want half of its longest wait, %v, got %v, %v", attempt, want, got, err)
		}
	}
}
