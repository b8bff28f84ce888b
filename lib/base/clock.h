/* Clock: the two clocks everything runs on.  Layer: base. */
#ifndef SALLYPORT_LIB_BASE_CLOCK_H
#define SALLYPORT_LIB_BASE_CLOCK_H

#include <stdint.h>

/* Milliseconds and nanoseconds of CLOCK_BOOTTIME: never set back, counts suspend.  Deadlines use it. */
uint64_t clock_boot_ms(void);
uint64_t clock_boot_ns(void);
/* Seconds and nanoseconds since the epoch, CLOCK_REALTIME: for records shown to people only. */
int64_t clock_wall_s(void);
int64_t clock_wall_ns(void);
enum { CLOCK_TEXT_SIZE = 24 };
/* `wall_s` as "2026-11-24T09:30:00Z" (RFC 3339, UTC) into `out`. */
void clock_text(char out[CLOCK_TEXT_SIZE], int64_t wall_s);

#endif
