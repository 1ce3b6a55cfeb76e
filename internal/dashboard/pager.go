package dashboard

import "strconv"

// pager is a place in a list that has several pages, for the template "pages".
type pager struct {
	At, Last      int
	Before, After string // addresses, "" at the ends
}

// newPager makes the links around a page, from 1, of a list at the address self,
// whose member "page" they set.
func newPager(self string, at, last int) (pager, error) {
	p := pager{At: at, Last: last}
	var err error
	if at > 1 {
		p.Before, err = query(self, "page", pageNumber(at-1))
	}
	if err == nil && at < last {
		p.After, err = query(self, "page", strconv.Itoa(at+1))
	}
	return p, err
}

// pageNumber leaves out the first page's: its address is the list's own.
func pageNumber(n int) string {
	if n == 1 {
		return ""
	}
	return strconv.Itoa(n)
}

// pageOf is the page that a request asks for, at least 1, and where it begins.
func (in *request) pageOf(size int) (number, offset int) {
	number, err := strconv.Atoi(in.query.Get("page"))
	if err != nil || number < 1 || number > 1_000_000 {
		number = 1
	}
	return number, (number - 1) * size
}

// pagesFor is how many pages a list of so many rows has, at least 1.
func pagesFor(total, size int) int { return max(1, (total+size-1)/size) }
