// The streaming XML reader of libxml2; pkg-config knows where Debian keeps its headers.
#include <libxml/xmlversion.h>
// libxml2 names types of ICU in its headers, and Foundation brings an ICU of its own: one program cannot see both.
#undef LIBXML_ICU_ENABLED
#include <libxml/xmlreader.h>
