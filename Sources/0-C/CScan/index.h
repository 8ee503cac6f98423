#ifndef KONTOR_CSCAN_INDEX_H
#define KONTOR_CSCAN_INDEX_H

#include "cscan.h"

// Positions of separators and newlines in one window of text, relative to its start.
typedef struct {
    uint32_t separators, newlines, inner;  // inner: newlines within quotes
    int quote;                             // unquoted text: there is a '"'; quoted text: one is open at the end
} index_counts;

index_counts cscan_index_plain(
    const uint8_t *p, uint32_t n, uint8_t separator, uint32_t *separators, uint32_t *newlines);
index_counts cscan_index_quoted(
    const uint8_t *p, uint32_t n, uint8_t separator, uint32_t *separators, uint32_t *newlines, uint32_t *inner);

#endif
