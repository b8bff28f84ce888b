/* Tally: how many connections there are, in total, by source and not logged in yet.  Layer: bastion/listener.
 * Pure: no I/O, no clock.  A source is an IPv4 address or an IPv6 /64, for whoever has one address of those has
 * them all (RFC 6177). */
#ifndef SALLYPORT_BASTION_LISTENER_TALLY_H
#define SALLYPORT_BASTION_LISTENER_TALLY_H

#include "lib/base/base.h"
#include <stdbool.h>
#include <sys/socket.h>

struct tally;
struct tally_limits {
	uint32_t connections, per_source, startups;
};
struct tally_source {
	uint8_t family; /* 4, 6 or 0 for any other */
	uint8_t prefix[8];
};
enum { TALLY_FULL = 1, TALLY_SOURCE_FULL, TALLY_STARTUPS_FULL }; /* which limit says no */

struct tally_source tally_source_of(const struct sockaddr *address);
/* 0 or -ENOMEM. */
MUST_CHECK int tally_new(struct tally **out, const struct tally_limits *limits);
void tally_free(struct tally *tally);
/* New limits; connections above them stay. */
void tally_set_limits(struct tally *tally, const struct tally_limits *limits);
/* Counts one more, as a start-up.  0, one of the outcomes above and nothing is counted, or -ENOMEM. */
MUST_CHECK int tally_add(struct tally *tally, const struct tally_source *source);
/* One that was a start-up is none any more. */
void tally_settle(struct tally *tally);
/* One has ended; `startup` says whether it still was one. */
void tally_remove(struct tally *tally, const struct tally_source *source, bool startup);
uint32_t tally_total(const struct tally *tally);
uint32_t tally_startups(const struct tally *tally);
/* What a client is told, for an outcome of tally_add(). */
const char *tally_text(int outcome);

#endif
