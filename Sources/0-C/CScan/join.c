// The join of one partition: small enough for a core's cache, so a plain open-addressing table is the fastest there is.

#include "cscan.h"

#define EQUAL 0x80000000u   // In theirs: both lines are equal.
#define SEVERAL 0x80000000u // In ours: a side has the key more than once.
#define INDEX 0x7FFFFFFFu

typedef const uint64_t *entry;

static inline entry at(const uint8_t *p, uint32_t i, uint32_t stride) {
    return (entry)(const void *)(p + (size_t)i * stride);
}

static inline int same_key(entry a, entry b) {
    return a[0] == b[0] && ((a[1] ^ b[1]) >> 40) == 0 && ((a[2] ^ b[2]) >> 51) == 0;
}

static inline uint64_t offset(entry e) { return e[2] & CSCAN_OFFSET_MASK; }

// Amounts that did not fit are never equal here: the file has them.
static inline int same_values(entry ours, entry theirs, uint32_t stride, int fee_expected) {
    if (ours[1] != theirs[1] || ((ours[2] ^ theirs[2]) >> 40) != 0) return 0;
    if (((ours[2] >> 48) & 7) == CSCAN_STATUS_WIDE) return 0;
    if (stride == 24 || ours[3] == theirs[3] || (int64_t)theirs[3] == CSCAN_FEE_UNKNOWN) return 1;
    return (int64_t)ours[3] == CSCAN_FEE_UNKNOWN && !fee_expected;
}

// The slot of an entry's key, or the empty one where it belongs.
static inline __attribute__((always_inline)) uint32_t find(
    const uint8_t *ours, const uint8_t *theirs, const uint32_t stride, const cscan_slot *slots, uint32_t mask,
    entry e) {
    uint32_t s = (uint32_t)(e[0] >> 20) & mask;
    for (;; s = (s + 1) & mask) {
        uint32_t a = slots[s].ours & INDEX, b = slots[s].theirs & INDEX;
        if (!a && !b) return s;
        if (same_key(a ? at(ours, a - 1, stride) : at(theirs, b - 1, stride), e)) return s;
    }
}

static inline __attribute__((always_inline)) uint32_t join(
    const uint8_t *ours, uint32_t n, const uint8_t *theirs, uint32_t m, const uint32_t stride, int fee_expected,
    cscan_slot *slots, uint32_t slot_count, cscan_found *found, uint64_t *matched) {
    const uint32_t mask = slot_count - 1;
    uint32_t written = 0;
    uint64_t pairs = 0;
    // A repeated line waits in `found` with its slot; the slot keeps the one that comes first in the file.
    for (uint32_t i = 0; i < n; i++) {
        entry e = at(ours, i, stride);
        uint32_t s = find(ours, theirs, stride, slots, mask, e);
        uint32_t other = slots[s].ours & INDEX;
        if (!other) {
            slots[s].ours = i + 1;
            continue;
        }
        entry o = at(ours, other - 1, stride);
        int earlier = offset(e) < offset(o);
        slots[s].ours = (earlier ? i + 1 : other) | SEVERAL;
        found[written++] = (cscan_found){s, offset(earlier ? o : e)};
    }
    for (uint32_t i = 0; i < m; i++) {
        entry e = at(theirs, i, stride);
        uint32_t s = find(ours, theirs, stride, slots, mask, e);
        uint32_t a = slots[s].ours & INDEX, b = slots[s].theirs & INDEX;
        if (b) {
            entry o = at(theirs, b - 1, stride);
            int earlier = offset(e) < offset(o);
            pairs -= slots[s].theirs >> 31;
            slots[s].theirs = earlier ? i + 1 : b;
            slots[s].ours |= SEVERAL;
            found[written++] = (cscan_found){s, offset(earlier ? o : e) | CSCAN_THEIRS};
            continue;
        }
        uint32_t equal =
            a && !(slots[s].ours & SEVERAL) && same_values(at(ours, a - 1, stride), e, stride, fee_expected);
        slots[s].theirs = (i + 1) | (equal ? EQUAL : 0);
        pairs += equal;
    }
    for (uint32_t i = 0; i < written; i++) {
        cscan_slot slot = slots[found[i].group];
        uint32_t a = slot.ours & INDEX, b = slot.theirs & INDEX;
        found[i].group = a ? offset(at(ours, a - 1, stride)) : offset(at(theirs, b - 1, stride)) | CSCAN_THEIRS;
    }
    for (uint32_t s = 0; s < slot_count; s++) {
        cscan_slot slot = slots[s];
        slots[s] = (cscan_slot){0, 0};
        uint32_t a = slot.ours & INDEX, b = slot.theirs & INDEX;
        if (slot.theirs & EQUAL || (!a && !b)) continue;
        uint64_t mine = a ? offset(at(ours, a - 1, stride)) : 0;
        uint64_t their = b ? offset(at(theirs, b - 1, stride)) | CSCAN_THEIRS : 0;
        uint64_t group = a ? mine : their;
        if (a) found[written++] = (cscan_found){group, mine};
        if (b) found[written++] = (cscan_found){group, their};
    }
    *matched += pairs;
    return written;
}

uint32_t cscan_join(
    const uint8_t *ours, uint32_t ours_count, const uint8_t *theirs, uint32_t theirs_count, uint32_t stride,
    int fee_expected, cscan_slot *slots, uint32_t slot_count, cscan_found *found, uint64_t *matched) {
    if (stride == 24)
        return join(ours, ours_count, theirs, theirs_count, 24, 0, slots, slot_count, found, matched);
    return join(ours, ours_count, theirs, theirs_count, 32, fee_expected, slots, slot_count, found, matched);
}
