#ifndef KONTOR_CSCAN_H
#define KONTOR_CSCAN_H

#include <stdint.h>

// Which instructions this machine has; asked once.
int cscan_has_avx2(void);

#endif
