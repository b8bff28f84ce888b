/* Verb: what a person may type after the host name, who may, and which program answers.  Layer: model. */
#ifndef SALLYPORT_LIB_MODEL_VERB_H
#define SALLYPORT_LIB_MODEL_VERB_H

#include "lib/model/model.h"

enum verb_home {
	VERB_KEEPER,   /* run by the keeper: VERB_RUN on its socket */
	VERB_RECORDER, /* run by a viewer of the recorder: R_VIEW, then VERB_RUN's messages on the socket it yields */
	VERB_SESSION,  /* run by the session process itself */
};
struct verb {
	const char *name;
	enum verb_home home;
	uint32_t roles;    /* bit 1 << enum role */
	const char *usage; /* what follows the name, "" for nothing */
	const char *about; /* one line, lower case, no full stop */
};
/* The verb called `name`, or NULL. */
const struct verb *verb_find(const char *name);
bool verb_permits(const struct verb *verb, enum role role);
/* The i-th verb in the order `help` shows them, or NULL behind the last. */
const struct verb *verb_at(size_t i);

#endif
