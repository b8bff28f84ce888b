#include "bastion/listener/tally.h"

#include <errno.h>
#include <netinet/in.h>
#include <search.h>
#include <string.h>

struct counted {
	struct tally_source source; /* first: by_source() compares it */
	uint32_t n;
};

struct tally {
	void *tree; /* of struct counted, tsearch(3) */
	struct tally_limits limits;
	uint32_t total, startups;
};

struct tally_source tally_source_of(const struct sockaddr *address)
{
	struct tally_source s = {0};

	if (address->sa_family == AF_INET) {
		s.family = 4;
		memcpy(s.prefix, &((const struct sockaddr_in *)(const void *)address)->sin_addr,
		       sizeof(struct in_addr));
	} else if (address->sa_family == AF_INET6) {
		s.family = 6;
		memcpy(s.prefix, &((const struct sockaddr_in6 *)(const void *)address)->sin6_addr,
		       sizeof s.prefix);
	}
	return s;
}

static int by_source(const void *a, const void *b)
{
	const struct counted *x = a, *y = b;

	return memcmp(&x->source, &y->source, sizeof x->source);
}

int tally_new(struct tally **out, const struct tally_limits *limits)
{
	struct tally *tally = calloc(1, sizeof *tally);

	if (tally == NULL)
		return -ENOMEM;
	tally->limits = *limits;
	*out = tally;
	return 0;
}

void tally_free(struct tally *tally)
{
	if (tally == NULL)
		return;
	tdestroy(tally->tree, free);
	free(tally);
}

void tally_set_limits(struct tally *tally, const struct tally_limits *limits)
{
	tally->limits = *limits;
}

static struct counted *find(const struct tally *tally, const struct tally_source *source)
{
	const struct counted key = {.source = *source};
	void *found = tfind(&key, &tally->tree, by_source);

	return found == NULL ? NULL : *(struct counted **)found;
}

static int entry_add(struct tally *tally, const struct tally_source *source)
{
	struct counted *entry = calloc(1, sizeof *entry);

	if (entry == NULL)
		return -ENOMEM;
	*entry = (struct counted){.source = *source, .n = 1};
	if (tsearch(entry, &tally->tree, by_source) != NULL)
		return 0;
	free(entry);
	return -ENOMEM;
}

int tally_add(struct tally *tally, const struct tally_source *source)
{
	struct counted *entry = find(tally, source);
	int r = 0;

	if (tally->total >= tally->limits.connections)
		return TALLY_FULL;
	if (entry != NULL && entry->n >= tally->limits.per_source)
		return TALLY_SOURCE_FULL;
	if (tally->startups >= tally->limits.startups)
		return TALLY_STARTUPS_FULL;
	if (entry != NULL)
		entry->n++;
	else
		r = entry_add(tally, source);
	if (r != 0)
		return r;
	tally->total++;
	tally->startups++;
	return 0;
}

void tally_settle(struct tally *tally)
{
	tally->startups--;
}

void tally_remove(struct tally *tally, const struct tally_source *source, bool startup)
{
	struct counted *entry = find(tally, source);

	if (entry == NULL)
		return;
	tally->total--;
	tally->startups -= startup ? 1 : 0;
	if (--entry->n > 0)
		return;
	(void)tdelete(entry, &tally->tree, by_source);
	free(entry);
}

uint32_t tally_total(const struct tally *tally)
{
	return tally->total;
}

uint32_t tally_startups(const struct tally *tally)
{
	return tally->startups;
}

const char *tally_text(int outcome)
{
	static const char *const texts[] = {
		[TALLY_FULL] = "all connections are taken, try again later",
		[TALLY_SOURCE_FULL] = "too many connections from your address",
		[TALLY_STARTUPS_FULL] = "too many log-ins at once, try again in a moment",
	};

	return outcome > 0 && (size_t)outcome < ARRAY_SIZE(texts)
		       ? texts[outcome]
		       : "not available, try again later";
}
