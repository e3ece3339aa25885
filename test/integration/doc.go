// Package integration tests a running gateway from outside, as an editor behind GitLab would use it
// (spec/settings-and-operations.md 16).
//
// The gateway is that at AI_GATEWAY_URL. It needs AIGW_AUTH__BYPASS_EXTERNAL_WITH_HEADER=true, so that a token can be had without a GitLab,
// AIGW_SELF_SIGNED_JWT__SIGNING_KEY, and models, real ones or AIGW_MOCK_MODEL_RESPONSES=true. Without AI_GATEWAY_URL the test starts one.
package integration
