#ifndef KONTOR_CSCAN_NUMBER_H
#define KONTOR_CSCAN_NUMBER_H

#include "cscan.h"
#include "hash.h"

static const uint64_t tens[10] = {1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000};

// Eight ASCII digits, the first in the lowest byte, to their value; after Lemire, "Quickly parsing eight digits" (2018).
static inline uint64_t eight_digits(uint64_t w) {
    w -= 0x3030303030303030ULL;
    w = w * 10 + (w >> 8);
    return (((w & 0x000000FF000000FFULL) * 0x000F424000000064ULL) +
            (((w >> 16) & 0x000000FF000000FFULL) * 0x0000271000000001ULL)) >> 32;
}

static inline int all_digits(uint64_t w) {
    return (((w & 0xF0F0F0F0F0F0F0F0ULL) | (((w + 0x0606060606060606ULL) & 0xF0F0F0F0F0F0F0F0ULL) >> 4)) ==
            0x3333333333333333ULL);
}

// Up to eight bytes right-aligned with zeros ('0') before them. The bytes before the text are read and masked away: a
// field that is not a file's first has them.
static inline uint64_t right_aligned(const uint8_t *end, size_t n) {
    uint64_t mask = n == 8 ? UINT64_MAX : ~(UINT64_MAX >> (8 * n));
    return (load64(end - 8) & mask) | (0x3030303030303030ULL & ~mask);
}

// The common shapes without a branch a digit: "12345" and, with two decimals, "123.45". Returns 0 for all others.
static inline int short_amount(const uint8_t *p, size_t n, uint32_t decimals, int64_t *minor) {
    if (n == 0 || n > 8) return 0;
    uint64_t w = right_aligned(p + n, n);
    if (decimals == 2) {
        if (n < 4 || (uint8_t)(w >> 40) != '.') return 0;
        w = ((w << 8) & 0x0000FFFFFFFFFFFFULL) | (w & 0xFFFF000000000000ULL) | '0';
    } else if (decimals != 0) {
        return 0;
    }
    if (!all_digits(w)) return 0;
    *minor = (int64_t)eight_digits(w);
    return 1;
}

#endif
