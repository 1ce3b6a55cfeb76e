// Package dns owns the DNS records of a zone: their types, what makes one valid,
// which may stand next to which, how lists of them are filtered, zone files in
// and out, and the service that changes them, one or many at once, records and
// audit events in one transaction of the [Store].
//
// It does not answer DNS queries. On which records somebody may do something is
// judged by an [authority.RecordScope], which every method of the service goes by;
// zones belong to package authority, the wire form of a record to package
// recordwire.
//
// The texts of records are read and checked by github.com/miekg/dns. What a
// record is for the API is a matter of its own: TXT content is kept exactly as
// sent, names that records point to keep their case, and two spellings of the
// same data are the same record ([Record.Rdata]).
package dns
