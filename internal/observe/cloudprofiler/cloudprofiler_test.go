package cloudprofiler

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"google.golang.org/api/option"
	pb "google.golang.org/genproto/googleapis/devtools/cloudprofiler/v2"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
)

// fakeService asks for one profile and takes it.
type fakeService struct {
	pb.UnimplementedProfilerServiceServer
	once    sync.Once
	asked   chan *pb.Deployment
	profile chan []byte
}

func (s *fakeService) CreateProfile(ctx context.Context, r *pb.CreateProfileRequest) (*pb.Profile, error) {
	profile := &pb.Profile{Name: "p", ProfileType: pb.ProfileType_THREADS}
	first := false
	s.once.Do(func() { first = true; s.asked <- r.GetDeployment() })
	if !first {
		<-ctx.Done() // nothing more to measure
	}
	return profile, nil
}

func (s *fakeService) UpdateProfile(_ context.Context, r *pb.UpdateProfileRequest) (*pb.Profile, error) {
	s.profile <- r.GetProfile().GetProfileBytes()
	return r.GetProfile(), nil
}

// The agent can be started once in a process, so one test has it all: what keeps it from starting, and its work.
func TestTheAgentUploadsProfilesOnceItCanStart(t *testing.T) {
	t.Setenv("GOOGLE_CLOUD_PROJECT", "")
	var log bytes.Buffer
	options := Options{Version: "rev-7", Debug: true, Log: slog.New(slog.NewTextHandler(&log, nil))}

	options.Token = func(context.Context) (string, error) { return "", errors.New("there are no credentials") }
	if err := Start(t.Context(), options); err == nil || !strings.Contains(err.Error(), "there are no credentials") {
		t.Errorf("without credentials: %v", err)
	}

	options.Token = func(context.Context) (string, error) { return "access-token", nil }
	var atGoogle atomic.Bool
	metadata := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case atGoogle.Load() && strings.HasSuffix(r.URL.Path, "/project-id"):
			_, _ = io.WriteString(w, "the-machines-project")
		case atGoogle.Load() && strings.HasSuffix(r.URL.Path, "/zone"):
			_, _ = io.WriteString(w, "projects/1/zones/europe-west1-b")
		default:
			http.NotFound(w, r)
		}
	}))
	defer metadata.Close()
	t.Setenv("GCE_METADATA_HOST", strings.TrimPrefix(metadata.URL, "http://"))
	if err := Start(t.Context(), options); err == nil || !strings.Contains(err.Error(), "project") {
		t.Errorf("without a project: %v", err)
	}

	fake := &fakeService{asked: make(chan *pb.Deployment, 1), profile: make(chan []byte, 1)}
	address := serve(t, fake)
	atGoogle.Store(true)
	err := start(t.Context(), options, option.WithEndpoint(address), option.WithoutAuthentication(),
		option.WithGRPCDialOption(grpc.WithTransportCredentials(insecure.NewCredentials())))
	if err != nil {
		t.Fatal(err)
	}
	deployment := <-fake.asked
	if deployment.GetTarget() != service || deployment.GetProjectId() != "the-machines-project" || deployment.GetLabels()["version"] != "rev-7" {
		t.Errorf("the deployment is %v", deployment)
	}
	profile, err := gzip.NewReader(bytes.NewReader(<-fake.profile))
	if err != nil {
		t.Fatal(err)
	}
	if text, err := io.ReadAll(profile); err != nil || !bytes.Contains(text, []byte("TestTheAgentUploadsProfiles")) {
		t.Errorf("a profile of %d bytes, %v", len(text), err)
	}
}

// serve answers as Google Cloud Profiler does, without TLS.
func serve(t *testing.T, fake *fakeService) (address string) {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := grpc.NewServer()
	pb.RegisterProfilerServiceServer(server, fake)
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(server.Stop)
	return listener.Addr().String()
}

func TestTheAgentsLinesAreLogEntries(t *testing.T) {
	var log bytes.Buffer
	if _, err := (entries{slog.New(slog.NewTextHandler(&log, nil))}).Write([]byte("Cloud Profiler: 2026/01/02 03:04:05 profiler has started\n")); err != nil {
		t.Error(err)
	}
	if !strings.Contains(log.String(), `level=INFO msg="profiler has started"`) {
		t.Errorf("got %s", log.String())
	}
}
