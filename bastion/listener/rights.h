/* Rights: what sallyportd gives up once its doors are open.  Layer: bastion/listener. */
#ifndef SALLYPORT_BASTION_LISTENER_RIGHTS_H
#define SALLYPORT_BASTION_LISTENER_RIGHTS_H

#include "lib/base/base.h"

/* Root keeps, of its capabilities (capabilities(7)), only those to bind low ports (SIGHUP), to give the programs it
 * starts their users, and to kill them; for itself and, by the bounding set, for all it starts.  Nobody else has any to
 * give up.  0 or -errno. */
MUST_CHECK int rights_drop(void);
/* As many descriptors as the hard limit allows: each connection is one here and three on their way. */
void rights_raise_descriptors(void);

#endif
