/* Reader: a recording as facts and frames, finished, live or cut.  Layer: recorder/format.
 * Checks lengths, ranges and checksums of all it reads, but proves nothing: that is verify.h. */
#ifndef SALLYPORT_RECORDER_FORMAT_READER_H
#define SALLYPORT_RECORDER_FORMAT_READER_H

#include "recorder/format/record.h"

struct reader;
/* Opens `path` below `dir_fd`.  0; -EBADMSG: this is no recording, or its header is damaged; or -errno. */
MUST_CHECK int reader_open(struct reader **out, int dir_fd, const char *path);
/* The recording of session `id`, whatever its month, below recordings/.  0, -ENOENT, or as above. */
MUST_CHECK int reader_open_id(struct reader **out, int recordings_fd, const struct session_id *id);
void reader_free(struct reader *reader); /* NULL is fine */

const struct record_header *reader_header(const struct reader *reader);
enum record_state reader_state(const struct reader *reader);
/* How it ended: the footer's word, or for RECORD_LIVE and RECORD_CUT what there is so far (reason ""). */
const struct record_end *reader_end(const struct reader *reader);
/* The root hash of the footer, or NULL when there is none. */
const uint8_t *reader_root(const struct reader *reader);
uint64_t reader_file_bytes(const struct reader *reader);

struct reader_chunk {
	uint64_t offset; /* in the file */
	struct chunk_facts facts;
	int64_t wall_ns; /* at its first frame */
};
uint32_t reader_n_chunks(const struct reader *reader);
/* Facts of chunk `i`, 0..n-1.  0; -EINVAL: there is none; -EBADMSG, -errno. */
MUST_CHECK int reader_chunk(struct reader *reader, uint32_t i, struct reader_chunk *out);
/* A live recording: looks for chunks written since, and for its end.  0 or -errno. */
MUST_CHECK int reader_refresh(struct reader *reader);

enum { READER_END = 1 };
/* 0: *out is the next frame; its data is valid until the next call.  READER_END: there is none (now: after
 * reader_refresh() there may be).  -EBADMSG: damaged here; reader_seek_chunk() to a later chunk may go on. */
MUST_CHECK int reader_next(struct reader *reader, struct record_frame *out);
/* The next frame is then the first one of the last chunk that starts at or before `t_us` (the first chunk
 * when none does): from there reader_next() passes every frame around that time.  0 or as reader_next(). */
MUST_CHECK int reader_seek(struct reader *reader, uint64_t t_us);
/* The next frame is then the first of chunk `i`; i = n: the end, where refreshed chunks will follow.
 * 0, -EINVAL. */
MUST_CHECK int reader_seek_chunk(struct reader *reader, uint32_t i);
/* The chunk of the frame reader_next() gave last. */
uint32_t reader_at_chunk(const struct reader *reader);

#endif
