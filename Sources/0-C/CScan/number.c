#include "number.h"

// Sign, digits, and at most `decimals` of them behind a point; further ones must be zero. No exponent, no thousands.
int cscan_amount(const uint8_t *p, size_t n, uint32_t decimals, int64_t *minor) {
    size_t i = 0;
    int negative = 0, digits = 0;
    if (n && (p[0] == '-' || p[0] == '+')) {
        negative = p[0] == '-';
        i = 1;
    }
    uint64_t value = 0;
    for (; i < n && p[i] >= '0' && p[i] <= '9'; i++, digits++)
        if (__builtin_mul_overflow(value, 10u, &value) || __builtin_add_overflow(value, (uint64_t)(p[i] - '0'), &value))
            return CSCAN_REJECT_AMOUNT_RANGE;
    uint32_t behind = 0;
    if (i < n && p[i] == '.') {
        for (i++; i < n && p[i] >= '0' && p[i] <= '9'; i++, digits++) {
            if (behind == decimals) {
                if (p[i] != '0') return CSCAN_REJECT_AMOUNT;
                continue;
            }
            behind++;
            if (__builtin_mul_overflow(value, 10u, &value) ||
                __builtin_add_overflow(value, (uint64_t)(p[i] - '0'), &value))
                return CSCAN_REJECT_AMOUNT_RANGE;
        }
    }
    if (i != n || digits == 0) return CSCAN_REJECT_AMOUNT;
    for (; behind < decimals; behind++)
        if (__builtin_mul_overflow(value, 10u, &value)) return CSCAN_REJECT_AMOUNT_RANGE;
    // The most negative number is the mark of an unknown fee, and its opposite does not exist: both are out of range.
    if (value > INT64_MAX) return CSCAN_REJECT_AMOUNT_RANGE;
    *minor = negative ? -(int64_t)value : (int64_t)value;
    return 0;
}
