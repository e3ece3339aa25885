package api

import (
	"errors"
	"log/slog"
	"net/http"
	"strings"

	"github.com/ai-gateway/ai-gateway/internal/amazonq"
	"github.com/ai-gateway/ai-gateway/internal/auth"
	"github.com/ai-gateway/ai-gateway/internal/observe"
)

// amazonQCaller is who a request to Amazon Q comes from, once it was found that they may make it (spec/http-api.md 18).
func (s *Server) amazonQCaller(r *http.Request, category string) (amazonq.Caller, error) {
	observe.RecordFrom(r.Context()).Set(observe.FeatureCategory, string(auth.CategoryDuoChat))
	user := auth.UserFrom(r.Context())
	if !user.Can(auth.AmazonQIntegration) {
		return amazonq.Caller{}, forbidden("Unauthorized to perform action")
	}
	s.trackUse(r, category, auth.AmazonQIntegration)
	authorization, _ := auth.HeaderText(r.Header, auth.HeaderAuthorization)
	_, token, _ := strings.Cut(authorization, " ")
	caller := amazonq.Caller{UserID: user.GlobalUserID, Token: token}
	if user.Claims != nil {
		caller.Subject = user.Claims.Subject
	}
	return caller, nil
}

// answerAmazonQ answers that Amazon Q has done what it should, or logs why not.
func (s *Server) answerAmazonQ(w http.ResponseWriter, r *http.Request, err error) error {
	if err == nil {
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	var (
		refused     *amazonq.ServiceError
		unreachable *amazonq.UnreachableError
		identity    *amazonq.IdentityError
	)
	log := s.Log
	switch {
	case errors.As(err, &refused):
		log = log.With(slog.String("aws_error_code", refused.Code), slog.String("aws_error_message", refused.Message),
			slog.Int("aws_http_response_code", refused.Status))
		observe.LogException(r.Context(), log, err, nil)
	case errors.As(err, &unreachable), errors.As(err, &identity):
		observe.LogException(r.Context(), log, err, nil)
	}
	return amazonQStatus(err)
}
