// Package mail sends plain-text mail through one SMTP server (RFC 5321). What the
// mail says, and to whom, is for those who send it.
package mail
