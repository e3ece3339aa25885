// Package docs tests what people read: that every command in the README and below docs runs, against a real gateway and fakes where it asks
// somebody; that every link and anchor leads somewhere; that every setting that is named exists; and that figures are those that were measured.
package docs
