// The streaming XML reader of libxml2; pkg-config knows where Debian keeps its headers.
#include <libxml/xmlreader.h>
