//go:build !linux

package app

// releaseStartupPages leaves it to other kernels what they keep in memory.
func releaseStartupPages() {}
