package auth

import (
	"context"
	"net/http"
	"slices"
	"strings"
)

// Feature flags that the gateway heeds. Others are carried along without effect.
const (
	FlagExpandedAILogging     = "expanded_ai_logging"       // log model requests and answers of this request
	FlagAICommitReaderForChat = "ai_commit_reader_for_chat" // offer the commit reader to the chat agent
)

// Flags are the feature flags that a client has turned on for one request: nil if it said nothing about flags, which is not logged, empty
// if none is left.
type Flags []string

// ParseFlags reads the flags of a request with headers h, less those that disallowed lists for the realm that the request names
// (spec/auth.md 17.1). Names are taken as they are, blanks included; doubles are merged. GitLab from 17.11 on says with a header of its
// own that model requests are to be logged (spec/clients.md 19): that is the flag under another name.
func ParseFlags(h http.Header, disallowed map[string][]string) Flags {
	joined, present := HeaderText(h, HeaderEnabledFeatureFlags)
	verbose := h.Get(HeaderVerboseAILogs) == "true"
	if !present && !verbose {
		return nil
	}
	realm, _ := HeaderText(h, HeaderRealm)
	flags, seen := Flags{}, make(map[string]bool)
	add := func(name string) {
		if !seen[name] && !slices.Contains(disallowed[realm], name) {
			flags = append(flags, name)
		}
		seen[name] = true
	}
	if present {
		for name := range strings.SplitSeq(joined, ",") {
			add(name)
		}
	}
	if verbose {
		add(FlagExpandedAILogging)
	}
	return flags
}

// Enabled reports whether a flag is on.
func (f Flags) Enabled(name string) bool { return slices.Contains(f, name) }

// String joins the flags with commas, as for the access log's enabled_feature_flags.
func (f Flags) String() string { return strings.Join(f, ",") }

type flagsKey struct{}

// WithFlags is ctx for a request with these flags.
func WithFlags(ctx context.Context, f Flags) context.Context {
	return context.WithValue(ctx, flagsKey{}, f)
}

// FlagsFrom are the flags of the request that ctx belongs to.
func FlagsFrom(ctx context.Context) Flags {
	f, _ := ctx.Value(flagsKey{}).(Flags)
	return f
}
