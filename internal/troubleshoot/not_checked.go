package troubleshoot

import "context"

// NotChecked is a check that can't be made here.
func NotChecked(name, title, why string) Check {
	return Check{Name: name, Title: title, Find: func(context.Context) Finding { return Finding{Status: Skipped, Seen: why} }}
}
