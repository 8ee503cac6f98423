// Reads gzip files in place.
#include <zlib.h>
