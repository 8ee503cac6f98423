// Reads the entries of zip archives in place.
#include <zip.h>
