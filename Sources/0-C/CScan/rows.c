// Stage two: the lines of a window, whose separators and newlines are known, become entries.

#include "cscan.h"
#include "hash.h"
#include "index.h"
#include "number.h"
#include "sketch.h"

typedef struct { const uint8_t *p; size_t n; } text;

static inline int is_blank(uint8_t c) { return c == ' ' || c == '\t' || c == '\r'; }

// Blanks around a field are no part of it, and neither is the byte that some channels put before each one.
static text trimmed_slowly(text t, uint8_t strip) {
    while (t.n && is_blank(t.p[t.n - 1])) t.n--;
    while (t.n && is_blank(t.p[0])) t.p++, t.n--;
    if (t.n && strip && t.p[0] == strip) {
        t.p++, t.n--;
        while (t.n && is_blank(t.p[0])) t.p++, t.n--;
    }
    return t;
}

static inline __attribute__((always_inline)) text trimmed(text t, uint8_t strip) {
    // Most fields have nothing around them.
    if (t.n && t.p[0] > ' ' && t.p[t.n - 1] > ' ' && t.p[0] != strip) return t;
    return trimmed_slowly(t, strip);
}

// The text of a quoted field; doubled quotes within become one in `buffer`, which has room for a field.
static text unquoted(text t, uint8_t strip, uint8_t *buffer) {
    if (t.n < 2 || t.p[0] != '"') return trimmed(t, strip);
    while (t.n && t.p[t.n - 1] == '\r') t.n--;
    size_t out = 0, i = 1;
    int doubled = 0;
    for (; i < t.n; i++) {
        if (t.p[i] != '"') continue;
        if (i + 1 < t.n && t.p[i + 1] == '"') doubled = 1, i++; else break;
    }
    text inside = {t.p + 1, i - 1};
    if (!doubled && i + 1 >= t.n) return trimmed(inside, strip);
    for (i = 1; i < t.n; i++) {  // The letters behind the closing quote belong to the field, as in every lenient reader.
        if (t.p[i] == '"') {
            if (i + 1 < t.n && t.p[i + 1] == '"') i++; else continue;
        }
        buffer[out++] = t.p[i];
    }
    for (int k = 0; k < 8; k++) buffer[out + (size_t)k] = 0;
    return trimmed((text){buffer, out}, strip);
}

static int find_word_slowly(cscan_words *known, text t, uint8_t place) {
    for (uint32_t i = 0; i < known->count; i++)
        if (known->words[i].length == t.n && memcmp(known->words[i].text, t.p, t.n) == 0) {
            known->places[place] = (uint8_t)i;
            return (int)i;
        }
    return -1;
}

// The word's index, or -1. Files have a handful of words, so that each mostly has a place of its own: no loop, and no
// branch that depends on which word it is.
static inline int find_word(cscan_words *known, text t) {
    uint64_t w = t.n == 0 ? 0 : load64(t.p) & (t.n >= 8 ? UINT64_MAX : UINT64_MAX >> (64 - 8 * t.n));
    uint8_t place = (uint8_t)((w ^ t.n) * 0x9E3779B97F4A7C15ULL >> 56);
    uint32_t index = known->places[place];
    const cscan_word *word = &known->words[index];
    if (index < known->count && word->length == t.n && load64(word->text) == w) {
        if (t.n <= 8 || memcmp(word->text + 8, t.p + 8, t.n - 8) == 0) return (int)index;
    }
    return find_word_slowly(known, t, place);
}

static int next_block(cscan_sink *sink, uint32_t partition) {
    if (*sink->used == sink->blocks) return 0;
    uint32_t block = (*sink->used)++;
    uint8_t *p = sink->arena + (size_t)block * CSCAN_BLOCK;
    *(uint64_t *)(void *)p = sink->heads[partition];
    sink->heads[partition] = block;
    sink->cursors[partition] = p + 8;
    return 1;
}

enum { ROW_OK = 0, ROW_KEYLESS = -1, ROW_SKIP = -2, ROW_FULL = -3, ROW_WORD = -4 };

static inline int reject(uint16_t code) { return code; }

static inline int new_word(cscan_scan *scan, int which, text t, uint16_t refused) {
    if (t.n > CSCAN_WORD_BYTES) return reject(refused);
    scan->word = t.p;
    scan->word_length = (uint32_t)t.n | ((uint32_t)which << 16);
    return ROW_WORD;
}

typedef struct { uint64_t one, two, line; int64_t amount, fee; uint8_t currency, status; } row;

// Field c of the line whose separators start at `s`: the last one ends at the newline.
static inline __attribute__((always_inline)) text field(
    const cscan_scan *scan, const uint8_t *base, uint32_t begin, const uint32_t *s, uint32_t nl, int c, int quoted,
    uint8_t *buffer) {
    uint32_t from = c == 0 ? begin : s[c - 1] + 1;
    uint32_t to = (uint32_t)c + 1 == scan->layout->fields ? nl : s[c];
    text t = {base + from, to - from};
    return quoted ? unquoted(t, scan->layout->strip, buffer) : trimmed(t, scan->layout->strip);
}

static inline __attribute__((always_inline)) int read_row(
    cscan_scan *scan, const uint8_t *base, uint32_t begin, const uint32_t *s, uint32_t nl, const int quoted, row *out) {
    const cscan_layout *layout = scan->layout;
    uint8_t *buffer = scan->text;
    uint64_t kind = layout->fixed_kind;
    uint32_t decimals = layout->fixed_decimals;
    out->currency = layout->fixed_currency;
    out->status = layout->fixed_status;
    out->fee = CSCAN_FEE_UNKNOWN;
    if (layout->kind >= 0) {
        text t = field(scan, base, begin, s, nl, layout->kind, quoted, buffer);
        int w = find_word(scan->kinds, t);
        if (w < 0) return new_word(scan, CSCAN_NEW_KIND, t, CSCAN_REJECT_KIND);
        kind = scan->kinds->words[w].code;
        if (kind == CSCAN_WORD_SKIP) return ROW_SKIP;
        if (kind == CSCAN_WORD_REFUSED) return reject(CSCAN_REJECT_KIND);
    }
    if (layout->status >= 0) {
        text t = field(scan, base, begin, s, nl, layout->status, quoted, buffer);
        int w = find_word(scan->statuses, t);
        if (w < 0) return new_word(scan, CSCAN_NEW_STATUS, t, CSCAN_REJECT_STATUS);
        out->status = scan->statuses->words[w].code;
        if (out->status == CSCAN_WORD_SKIP) return ROW_SKIP;
        if (out->status == CSCAN_WORD_REFUSED) return reject(CSCAN_REJECT_STATUS);
    }
    if (layout->currency >= 0) {
        text t = field(scan, base, begin, s, nl, layout->currency, quoted, buffer);
        int w = find_word(scan->currencies, t);
        if (w < 0) return new_word(scan, CSCAN_NEW_CURRENCY, t, CSCAN_REJECT_CURRENCY);
        out->currency = scan->currencies->words[w].code;
        decimals = scan->currencies->words[w].decimals;
        if (out->currency == CSCAN_WORD_REFUSED) return reject(CSCAN_REJECT_CURRENCY);
    }
    if (!layout->major) decimals = 0;
    text t = field(scan, base, begin, s, nl, layout->amount, quoted, buffer);
    // Reading eight bytes before the end is safe unless the file begins there or the text is in the buffer.
    int roomy = !quoted && base + begin - scan->data >= 8;
    if (!(roomy && short_amount(t.p, t.n, decimals, &out->amount))) {
        int code = cscan_amount(t.p, t.n, decimals, &out->amount);
        if (code) return reject((uint16_t)code);
    }
    if (layout->negate) out->amount = -out->amount;
    if (layout->fee >= 0) {
        t = field(scan, base, begin, s, nl, layout->fee, quoted, buffer);
        if (t.n && !(roomy && short_amount(t.p, t.n, decimals, &out->fee))) {
            int code = cscan_amount(t.p, t.n, decimals, &out->fee);
            if (code) return reject((uint16_t)(code - CSCAN_REJECT_AMOUNT + CSCAN_REJECT_FEE));
        }
    }
    hash_state h = hash_begin(scan->secret);
    for (int k = 0; k < layout->key_parts; k++) {
        t = field(scan, base, begin, s, nl, layout->key[k], quoted, buffer);
        if (t.n > CSCAN_KEY_BYTES) return reject(CSCAN_REJECT_KEY_LONG);
        if (t.n == 0 || cscan_placeholder(layout, t.p, t.n)) return ROW_KEYLESS;  // A key needs all of its parts.
        hash_text(&h, kind, t.p, t.n);
    }
    out->one = (uint64_t)(h.a >> 64);
    out->two = (uint64_t)(h.b >> 64);
    if (scan->sketch) out->line = hash_values(&h, (uint64_t)out->amount, (uint64_t)out->currency << 8 | out->status);
    return ROW_OK;
}

// Whether a line has one of the keys that are looked for, without reading the rest of it.
static inline __attribute__((always_inline)) int is_selected(
    cscan_scan *scan, const uint8_t *base, uint32_t begin, const uint32_t *s, uint32_t nl, const int quoted) {
    const cscan_layout *layout = scan->layout;
    uint64_t kind = layout->fixed_kind;
    if (layout->kind >= 0) {
        text t = field(scan, base, begin, s, nl, layout->kind, quoted, scan->text);
        int w = find_word(scan->kinds, t);
        if (w < 0) return 1;  // Reading the whole line tells what it is.
        kind = scan->kinds->words[w].code;
    }
    hash_state h = hash_begin(scan->secret);
    for (int k = 0; k < layout->key_parts; k++) {
        text t = field(scan, base, begin, s, nl, layout->key[k], quoted, scan->text);
        if (t.n > CSCAN_KEY_BYTES) return 0;
        hash_half_text(&h, kind, t.p, t.n);
    }
    return selection_has(scan->selection, (uint64_t)(h.a >> 64) & CSCAN_HASH_MASK);
}

// The line's place in the list, when it is one of those that are looked for and not left out or rejected.
static inline __attribute__((always_inline)) int select_row(
    cscan_scan *scan, const uint8_t *base, uint32_t begin, const uint32_t *s, uint32_t nl, uint64_t offset,
    const int quoted) {
    if (__builtin_expect(!is_selected(scan, base, begin, s, nl, quoted), 1)) return ROW_OK;
    row r;
    int outcome = read_row(scan, base, begin, s, nl, quoted, &r);
    if (outcome == ROW_WORD) return ROW_WORD;
    if (outcome != ROW_OK || !selection_has(scan->selection, r.one & CSCAN_HASH_MASK)) return ROW_OK;
    if (scan->selected_count == scan->selected_limit) return ROW_FULL;
    scan->selected[scan->selected_count++] = (cscan_selected){r.one, r.two, offset};
    return ROW_OK;
}

static inline __attribute__((always_inline)) int put_row(
    cscan_sink *sink, const row *r, uint64_t offset, const uint32_t stride) {
    uint32_t partition = (uint32_t)r->two & (sink->partitions - 1);
    uint8_t **cursor = &sink->cursors[partition];
    uintptr_t within = (uintptr_t)*cursor & (CSCAN_BLOCK - 1);
    if (__builtin_expect(within == CSCAN_CURSOR_FULL(stride) % CSCAN_BLOCK, 0) && !next_block(sink, partition)) return 0;
    int64_t limit = (int64_t)1 << 39;
    uint64_t status = r->amount > -limit && r->amount < limit ? r->status : CSCAN_STATUS_WIDE;
    uint64_t *w = (uint64_t *)(void *)*cursor;
    w[0] = r->one;
    w[1] = (r->two & ~CSCAN_OFFSET_MASK) | ((uint64_t)r->amount & CSCAN_OFFSET_MASK);
    w[2] = ((r->two << 24) & ~((1ULL << 51) - 1)) | (status << 48) | ((uint64_t)r->currency << 40) | offset;
    if (stride == 32) w[3] = (uint64_t)r->fee;
    *cursor += stride;
    return 1;
}

static int add_reject(cscan_scan *scan, uint64_t offset, uint64_t line, int code, uint32_t detail) {
    if (scan->reject_count == scan->reject_limit) return 0;
    scan->rejects[scan->reject_count++] = (cscan_reject){offset, line, (uint16_t)code, (uint16_t)detail};
    return 1;
}

static int is_placeholder(const cscan_layout *layout, text t) {
    for (uint32_t i = 0; i < layout->placeholder_count; i++)
        if (layout->placeholders[i][15] == t.n && memcmp(layout->placeholders[i], t.p, t.n) == 0) return 1;
    return 0;
}

int cscan_placeholder(const cscan_layout *layout, const uint8_t *p, size_t n) {
    return n && n < 16 && (layout->placeholder_lengths[p[0]] >> n & 1) && is_placeholder(layout, (text){p, n});
}

size_t cscan_field_text(
    const uint8_t *data, const cscan_field *f, uint8_t strip, uint8_t *buffer, const uint8_t **out) {
    text t = {data + f->start, f->end - f->start};
    t = f->quoted ? unquoted(t, strip, buffer) : t;
    *out = t.p;
    return t.n;
}

typedef struct { uint32_t begin, row, sep, inner; } place;

// The lines of one window. `p` stands at the first one not consumed when it returns.
static inline __attribute__((always_inline)) int window_rows(
    cscan_scan *scan, uint64_t origin, const index_counts *counts, place *p, const int quoted, const uint32_t stride) {
    const uint8_t *base = scan->data + origin;
    const uint32_t *seps = scan->separators, *nls = scan->newlines, *inner = scan->inner;
    const uint32_t wanted = scan->layout->fields - 1u;
    const uint64_t stop = scan->stop;
    cscan_sink *sink = scan->sink;
    while (p->row < counts->newlines) {
        uint64_t offset = origin + p->begin;
        if (offset >= stop) return CSCAN_DONE;
        if (offset >= scan->next_mark) {
            if (scan->mark_count == scan->mark_limit) return CSCAN_LISTS_FULL;
            scan->marks[scan->mark_count++] = (cscan_mark){offset, scan->line};
            scan->next_mark = offset + scan->mark_every;
        }
        uint32_t nl = nls[p->row];
        const uint32_t *s = seps + p->sep;
        if (s[wanted] > nl && (wanted == 0 || s[wanted - 1] < nl)) {
            row r;
            int outcome = read_row(scan, base, p->begin, s, nl, quoted, &r);
            if (outcome == ROW_OK) {
                if (sink) {
                    if (!put_row(sink, &r, offset, stride)) return CSCAN_FULL;
                } else {
                    sketch_put(scan->sketch, r.line, r.one & CSCAN_HASH_MASK, scan->times);
                }
                scan->rows++;
            } else if (outcome == ROW_SKIP) {
                scan->skipped++;
            } else if (outcome == ROW_WORD) {
                int which = (int)(scan->word_length >> 16);
                scan->word_length &= 0xFFFF;
                return which;
            } else if (outcome == ROW_KEYLESS) {
                if (scan->keyless_count == scan->keyless_limit) return CSCAN_LISTS_FULL;
                scan->keyless[scan->keyless_count++] = offset;
                scan->rows++;
            } else if (!add_reject(scan, offset, scan->line, outcome, 0)) {
                return CSCAN_LISTS_FULL;
            }
            p->sep += wanted;
        } else {
            uint32_t found = 0;
            while (s[found] < nl) found++;
            text all = trimmed((text){base + p->begin, nl - p->begin}, 0);
            if (all.n == 0) scan->blank++;
            else if (!add_reject(scan, offset, scan->line, CSCAN_REJECT_FIELDS, found + 1 > 65535 ? 65535 : found + 1))
                return CSCAN_LISTS_FULL;
            p->sep += found;
        }
        if (quoted)
            while (p->inner < counts->inner && inner[p->inner] < nl) p->inner++, scan->line++;
        scan->line++;
        p->begin = nl + 1;
        p->row++;
        scan->at = origin + p->begin;
    }
    return -1;
}

// The same for lines that were read before, of which some are looked for.
static inline __attribute__((always_inline)) int window_selected(
    cscan_scan *scan, uint64_t origin, const index_counts *counts, place *p, const int quoted) {
    const uint8_t *base = scan->data + origin;
    const uint32_t wanted = scan->layout->fields - 1u;
    while (p->row < counts->newlines) {
        uint64_t offset = origin + p->begin;
        if (offset >= scan->stop) return CSCAN_DONE;
        uint32_t nl = scan->newlines[p->row];
        const uint32_t *s = scan->separators + p->sep;
        if (s[wanted] > nl && (wanted == 0 || s[wanted - 1] < nl)) {
            int outcome = select_row(scan, base, p->begin, s, nl, offset, quoted);
            if (outcome == ROW_FULL) return CSCAN_LISTS_FULL;
            if (outcome == ROW_WORD) {
                int which = (int)(scan->word_length >> 16);
                scan->word_length &= 0xFFFF;
                return which;
            }
            p->sep += wanted;
        } else {
            while (scan->separators[p->sep] < nl) p->sep++;
        }
        p->begin = nl + 1;
        p->row++;
        scan->at = origin + p->begin;
    }
    return -1;
}

// Where a line that has no end within a window ends, and how many newlines it has.
static uint64_t long_line_end(const cscan_scan *scan, uint64_t at, uint64_t *lines) {
    int open = 0;
    for (uint64_t i = at; i < scan->size; i++) {
        uint8_t c = scan->data[i];
        if (c == '\n') ++*lines;
        if (c == '\n' && !open) return i + 1;
        if (c != '"' || !scan->layout->quoted) continue;
        if (open) {
            if (scan->data[i + 1] == '"') i++; else open = 0;
        } else {
            open = i == at || scan->data[i - 1] == scan->layout->separator;
        }
    }
    return scan->size;
}

int cscan_lines(cscan_scan *scan) {
    const cscan_layout *layout = scan->layout;
    const int quoted = layout->quoted, fee = layout->fee_wanted;
    uint32_t window = scan->window;
    while (scan->at < scan->stop && scan->at < scan->size) {
        uint64_t origin = scan->at, left = scan->size - origin;
        uint32_t n = left < window ? (uint32_t)left : window;
        const uint8_t *base = scan->data + origin;
        index_counts counts =
            quoted ? cscan_index_quoted(base, n, layout->separator, scan->separators, scan->newlines, scan->inner)
                   : cscan_index_plain(base, n, layout->separator, scan->separators, scan->newlines);
        if (!quoted && counts.quote) return CSCAN_QUOTE;
        int last = n == left, closed = !(quoted && counts.quote);
        // A last line without a newline ends where the file does.
        if (last && closed && base[n - 1] != '\n') scan->newlines[counts.newlines++] = n;
        // The check of the last line looks as far ahead as a line has fields; it must find no separator there.
        for (uint32_t i = 0; i < layout->fields; i++) scan->separators[counts.separators + i] = UINT32_MAX;
        place p = {0, 0, 0, 0};
        int outcome;
        if (scan->selection && quoted) outcome = window_selected(scan, origin, &counts, &p, 1);
        else if (scan->selection) outcome = window_selected(scan, origin, &counts, &p, 0);
        else if (quoted) outcome = fee ? window_rows(scan, origin, &counts, &p, 1, 32) : window_rows(scan, origin, &counts, &p, 1, 24);
        else outcome = fee ? window_rows(scan, origin, &counts, &p, 0, 32) : window_rows(scan, origin, &counts, &p, 0, 24);
        if (outcome >= 0) return outcome;
        if (counts.newlines) continue;
        if (n < CSCAN_WINDOW && !last) {
            window = CSCAN_WINDOW;
            continue;
        }
        if (scan->reject_count == scan->reject_limit) return CSCAN_LISTS_FULL;
        uint64_t lines = 0, end = long_line_end(scan, origin, &lines);
        int unclosed = quoted && counts.quote && end == scan->size;
        add_reject(scan, origin, scan->line, unclosed ? CSCAN_REJECT_QUOTE : CSCAN_REJECT_LONG, 0);
        scan->line += lines;
        scan->at = end;
    }
    return CSCAN_DONE;
}

uint64_t cscan_line_start(
    const uint8_t *data, uint64_t size, uint64_t at, const cscan_layout *layout, int quoted) {
    int open = quoted;
    for (uint64_t i = at; i < size; i++) {
        uint8_t c = data[i];
        if (c == '\n' && !open) return i + 1;
        if (c != '"' || !layout->quoted) continue;
        if (open) {
            if (data[i + 1] == '"') i++; else open = 0;
        } else {
            open = i == 0 || data[i - 1] == layout->separator || data[i - 1] == '\n';
        }
    }
    return size;
}

uint32_t cscan_fields(
    const uint8_t *data, uint64_t size, uint64_t at, const cscan_layout *layout, cscan_field *fields, uint32_t limit,
    uint64_t *next) {
    uint32_t count = 0;
    uint64_t start = at, i = at;
    int open = 0, quoted = 0;
    for (;; i++) {
        int end = i >= size;
        uint8_t c = end ? '\n' : data[i];
        if (!end && c == '"' && layout->quoted) {
            if (open) {
                if (i + 1 < size && data[i + 1] == '"') i++; else open = 0;
            } else if (i == start) {
                open = quoted = 1;
            }
            continue;
        }
        if (!end && (open || (c != layout->separator && c != '\n'))) continue;
        if (count < limit) {
            text t = {data + start, i - start};
            if (!quoted) t = trimmed(t, layout->strip);
            else while (t.n && t.p[t.n - 1] == '\r') t.n--;
            uint64_t from = (uint64_t)(t.p - data);
            fields[count] = (cscan_field){from, from + t.n, (uint8_t)quoted, (uint8_t)open};
        }
        count++;
        start = i + 1;
        quoted = 0;
        if (end || c == '\n') break;
    }
    *next = i >= size ? size : i + 1;
    return count;
}
