// Package recordwire writes DNS records in their wire form: into answers, and
// into the audit events of whoever changes them. The API's handlers and the
// dashboard must leave the same events.
package recordwire
