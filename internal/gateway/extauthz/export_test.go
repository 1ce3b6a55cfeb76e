package extauthz

import (
	"context"
	"log/slog"

	authv3 "github.com/envoyproxy/go-control-plane/envoy/service/auth/v3"
	"google.golang.org/protobuf/proto"

	"github.com/tokenward/tokenward/internal/enforce"
)

// MaxHeader is the limit of a client's header.
const MaxHeader = maxHeader

// Service is what a server answers by, without gRPC.
type Service struct{ service *service }

// ServiceOf makes one whose questions an endpoint judges.
func ServiceOf(judge *enforce.Endpoint) Service {
	return Service{newService(judge, slog.New(slog.DiscardHandler))}
}

// Answer answers a message with a message.
func (s Service) Answer(ctx context.Context, message []byte) ([]byte, error) {
	return s.service.check(ctx, func(q *question) error { q.read(message); return nil })
}

// Check is Answer by Envoy's types.
func (s Service) Check(ctx context.Context, r *authv3.CheckRequest) (*authv3.CheckResponse, error) {
	message, err := proto.Marshal(r)
	if err != nil {
		return nil, err
	}
	answer, err := s.Answer(ctx, message)
	if err != nil {
		return nil, err
	}
	res := new(authv3.CheckResponse)
	return res, proto.Unmarshal(answer, res)
}

// Question is what was read of a message.
type Question struct {
	enforce.Question
	Keep   bool     // the API gets Authorization
	Odd    []string // names that are taken out besides the usual ones
	Status int      // 0 when it is to be judged, else that of the refusal, and nothing else is set
}

// ReadAfter reads a message with the memory in which another one was read.
func ReadAfter(before, message []byte) Question {
	q := newQuestion()
	q.read(before)
	q.forget()
	q.read(message)
	if q.wrong != nil {
		return Question{Status: q.wrong.status}
	}
	return Question{Question: q.Question, Keep: q.keep, Odd: q.client.odd}
}

// Lines is how many lines of a header a message has.
func Lines(message []byte) int {
	q := newQuestion()
	each(message, q.inMessage)
	return len(q.lines)
}

// IsOdd reports whether a header is taken out besides the usual ones.
func IsOdd(name string) bool { return isOdd(name) }
