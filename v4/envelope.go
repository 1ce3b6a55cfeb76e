package v4

// Envelope is the form of every answer (contract 2.1). All of result, success,
// errors and messages are always there: a failure has a null result and at
// least one error, a success an empty list of errors.
type Envelope[T any] struct {
	Result     T             `json:"result"`
	ResultInfo *ResultInfo   `json:"result_info,omitempty"` // of collections
	Success    bool          `json:"success"`
	Errors     List[Error]   `json:"errors"`
	Messages   List[Message] `json:"messages"`
}

// OK is the answer to a call that succeeded.
func OK[T any](result T, messages ...Message) Envelope[T] {
	return Envelope[T]{Result: result, Success: true, Messages: messages}
}

// OKList is the answer to a call for a collection; no items are an empty list.
func OKList[T any](items []T, info ResultInfo) Envelope[List[T]] {
	return Envelope[List[T]]{Result: items, ResultInfo: &info, Success: true}
}

// Failure is the answer to a call that did not succeed. Clients act on the code
// of the first error.
func Failure(first Error, more ...Error) Envelope[any] {
	return Envelope[any]{Errors: append(List[Error]{first}, more...)}
}

// Message is a remark beside the result.
type Message struct {
	Code    int     `json:"code"`
	Message string  `json:"message"`
	Type    *string `json:"type"` // null in every answer seen, and never absent
}

// Error is one reason for a failure (contract 2.1).
type Error struct {
	Code             int         `json:"code"`
	Message          string      `json:"message"`
	DocumentationURL string      `json:"documentation_url,omitempty"`
	Source           *Source     `json:"source,omitempty"`
	ErrorChain       []ChainItem `json:"error_chain,omitempty"`
}

// ChainItem is what lies behind an error: CodeInvalidHeaders says that a header
// is wrong, its chain which one.
type ChainItem struct {
	Code    int    `json:"code"`
	Message string `json:"message"`
}

// Source is the place in the request that an error is about.
type Source struct {
	Pointer string `json:"pointer"` // JSON pointer into the body (RFC 6901)
}

// List is a slice whose nil prints as [] and never as null: clients iterate over
// it without looking.
type List[T any] []T

// MarshalJSON prints the elements, [] when there are none.
func (l List[T]) MarshalJSON() ([]byte, error) {
	if len(l) == 0 {
		return []byte("[]"), nil
	}
	return marshal([]T(l))
}
