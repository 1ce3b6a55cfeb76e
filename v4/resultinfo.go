package v4

// ResultInfo says which part of a collection an answer has. Numbered pages
// print all five numbers, zeros included; a client that finds total_pages
// missing stops at the first page. With Cursor set it is the other notation,
// count and cursor.
type ResultInfo struct {
	Page       int // from 1
	PerPage    int
	Count      int // items in this answer
	TotalCount int // items in all
	TotalPages int

	Cursor *string // "" on the last page
	// HistoryStatus is how well an audit log entry says what it is about; of
	// histories only.
	HistoryStatus string
}

// Page is the ResultInfo of a numbered page with count items of total. perPage
// is at least 1. A page past the end is an empty one, never an error.
func Page(page, perPage, count, total int) ResultInfo {
	return ResultInfo{
		Page: page, PerPage: perPage, Count: count,
		TotalCount: total, TotalPages: (total + perPage - 1) / perPage,
	}
}

// CursorPage is the ResultInfo of an answer that is continued at cursor, or not
// at all when it is "".
func CursorPage(count int, cursor string) ResultInfo {
	return ResultInfo{Count: count, Cursor: &cursor}
}

type numberedInfo struct {
	Page       int `json:"page"`
	PerPage    int `json:"per_page"`
	Count      int `json:"count"`
	TotalCount int `json:"total_count"`
	TotalPages int `json:"total_pages"`
}

type cursorInfo struct {
	Count  int    `json:"count"`
	Cursor string `json:"cursor"`
	// Cursors is where the official SDKs look for what the schema calls cursor.
	Cursors cursors `json:"cursors"`

	HistoryStatus string `json:"history_status,omitempty"`
}

type cursors struct {
	After string `json:"after"`
}

// MarshalJSON prints one of the two notations.
func (i ResultInfo) MarshalJSON() ([]byte, error) {
	if i.Cursor != nil {
		return marshal(cursorInfo{i.Count, *i.Cursor, cursors{*i.Cursor}, i.HistoryStatus})
	}
	return marshal(numberedInfo{i.Page, i.PerPage, i.Count, i.TotalCount, i.TotalPages})
}

// UnmarshalJSON takes either notation.
func (i *ResultInfo) UnmarshalJSON(b []byte) error {
	var in struct {
		numberedInfo
		Cursor        *string `json:"cursor"`
		HistoryStatus string  `json:"history_status"`
	}
	if err := unmarshal(b, &in, false); err != nil {
		return err
	}
	*i = ResultInfo{in.Page, in.PerPage, in.Count, in.TotalCount, in.TotalPages, in.Cursor, in.HistoryStatus}
	return nil
}
