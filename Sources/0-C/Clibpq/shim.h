// PostgreSQL's C library; pkg-config knows where Debian keeps its header.
#include <libpq-fe.h>
