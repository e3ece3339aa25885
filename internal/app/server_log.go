package app

import (
	"log"
	"log/slog"

	"github.com/ai-gateway/ai-gateway/internal/observe"
)

// serverLog takes what net/http has to say about connections, such as handshakes that fail: of interest when somebody looks for it.
func (a *App) serverLog() *log.Logger {
	return slog.NewLogLogger(observe.Named(a.log, "net/http").Handler(), slog.LevelDebug)
}
