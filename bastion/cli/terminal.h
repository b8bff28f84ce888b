/* Terminal: the person's terminal, if there is one.  Layer: bastion/cli. */
#ifndef SALLYPORT_BASTION_CLI_TERMINAL_H
#define SALLYPORT_BASTION_CLI_TERMINAL_H

#include "lib/base/base.h"
#include <stdbool.h>
#include <termios.h>

struct terminal {
	bool output;            /* standard output is one */
	bool raw;               /* standard input was made raw and is to be restored */
	struct termios before;
};
struct terminal terminal_of_process(void);
/* Its size, each 1..1000; 80 by 24 when it does not say. */
void terminal_size(uint16_t *columns, uint16_t *rows);
/* Keys one by one and without echo, if standard input and output are terminals; output goes on to be processed. */
void terminal_make_raw(struct terminal *terminal);
void terminal_restore(struct terminal *terminal);

#endif
