package extauthz

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"sync"

	"google.golang.org/grpc"
	"google.golang.org/grpc/mem"
	"google.golang.org/grpc/metadata"

	"github.com/tokenward/tokenward/internal/enforce"
	"github.com/tokenward/tokenward/v4"
)

// The service that Envoy asks, and its method.
const (
	serviceName = "envoy.service.auth.v3.Authorization"
	methodCheck = "Check"
)

// metadataSecret is where Envoy shows the endpoint's secret: initial_metadata of
// its grpc_service.
const metadataSecret = "tokenward-enforce"

// service answers questions. It is safe for concurrent use.
type service struct {
	judge     *enforce.Endpoint
	logger    *slog.Logger
	questions sync.Pool // of *question
}

func newService(judge *enforce.Endpoint, logger *slog.Logger) *service {
	return &service{judge: judge, logger: logger, questions: sync.Pool{New: func() any { return newQuestion() }}}
}

// describe is the service as gRPC registers it.
func (s *service) describe() *grpc.ServiceDesc {
	return &grpc.ServiceDesc{
		ServiceName: serviceName,
		HandlerType: (*any)(nil),
		Methods: []grpc.MethodDesc{{MethodName: methodCheck, Handler: func(_ any, ctx context.Context, read func(any) error, _ grpc.UnaryServerInterceptor) (any, error) {
			answer, err := s.check(ctx, func(q *question) error { return read(q) })
			return mem.SliceBuffer(answer), err
		}}},
	}
}

// check says whether a request may pass, and what to answer where it may not. It
// has no error but that of reading the question.
func (s *service) check(ctx context.Context, read func(*question) error) (answer []byte, err error) {
	defer func() {
		// The process would end, and everybody's requests with it.
		if v := recover(); v != nil {
			s.logger.Error("ext_authz: panic", "type", fmt.Sprintf("%T", v), "stack", string(debug.Stack()))
			answer = denied(enforce.Refusal(http.StatusInternalServerError, v4.CodeInternal, "Internal error"))
		}
	}()
	q := s.questions.Get().(*question)
	if err := read(q); err != nil {
		return nil, err
	}
	answer = s.answer(ctx, q)
	q.forget()
	s.questions.Put(q)
	return answer, nil
}

func (s *service) answer(ctx context.Context, q *question) []byte {
	if q.wrong != nil {
		s.logger.Warn("ext_authz: Envoy does not describe the request", "why", q.wrong.why)
		return denied(q.wrong.refusal())
	}
	q.Shown = metadata.ValueFromIncomingContext(ctx, metadataSecret)
	answer := s.judge.Judge(ctx, &q.Question)
	if !answer.Allowed() {
		return denied(answer)
	}
	return allowed(q, answer.Header)
}
